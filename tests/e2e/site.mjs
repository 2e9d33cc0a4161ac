// The site that the viewers are shown: NGINX over TLS, iipsrv and the real `tilegate`, on loopback.

import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import https from "node:https";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The hosts: the images', another one of the same site, and one of another site. */
export const HOSTS = { images: "iiif.images.test", sibling: "viewer.images.test", stranger: "viewer.test" };

/** Where a viewer may be, seen from the images. */
export const PLACES = { "same-origin": HOSTS.images, "same-site": HOSTS.sibling, "other-site": HOSTS.stranger };

/** Who may log in: `ada` sees what is protected, `bob` has an account and nothing else. */
export const PEOPLE = {
    ada: { password: randomBytes(12).toString("hex"), conditions: "staff" },
    bob: { password: randomBytes(12).toString("hex"), conditions: "" },
};

const READY_MS = 30_000;
const here = path.dirname(fileURLToPath(import.meta.url));

async function freePort() {
    const server = net.createServer();
    await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
    const { port } = server.address();
    await new Promise((resolve) => server.close(resolve));
    return port;
}

function run(command, args, options = {}) {
    const done = spawnSync(command, args, { encoding: "utf8", ...options });
    if (done.error) throw done.error;
    if (done.status !== 0) {
        throw new Error(`${path.basename(command)} ${args.slice(0, 2).join(" ")}: ${done.stderr || done.stdout}`);
    }
    return done.stdout;
}

/** A running site; everything of it is in one folder of its own, and ends with `stop`. */
export class Site {
    #children = [];

    /** @param given `{ tilegate, work, folder }`: the program, target/e2e, and an empty folder with a short name. */
    static async start(given) {
        const site = new Site();
        Object.assign(site, given);
        try {
            await site.#start();
        } catch (error) {
            await site.stop();
            throw error;
        }
        return site;
    }

    get origin() {
        return `https://${HOSTS.images}:${this.port}`;
    }

    /** The origin of a viewer at one of `PLACES`. */
    viewerOrigin(place) {
        return `https://${PLACES[place]}:${this.port}`;
    }

    /** The address of an image service. */
    image(mount, identifier) {
        return `${this.origin}/iiif/${mount}/${encodeURIComponent(identifier)}`;
    }

    /** The address of a manifest that `writeManifests` made. */
    manifest(mount, name, version) {
        return `${this.origin}/iiif/manifests/${name}-${mount}-${version}.json`;
    }

    /** Writes a manifest of version 3 with one resource in it, for what no other manifest has; gives its address. */
    writeManifest(name, resource) {
        const id = `${this.origin}/iiif/manifests/${name}.json`;
        const text = JSON.stringify(manifest3({ id, label: name, body: resource, width: 1000, height: 1000 }));
        fs.writeFileSync(path.join(this.folder, "manifests", `${name}.json`), text);
        return id;
    }

    /** Writes a JSON document that is served as it is, without Tilegate, by the stranger's host; gives its address. */
    writeDocument(name, body) {
        fs.writeFileSync(path.join(this.folder, "documents", `${name}.json`), JSON.stringify(body));
        return `https://${HOSTS.stranger}:${this.port}/documents/${name}.json`;
    }

    async #start() {
        for (const name of ["temporary", "manifests", "documents"]) fs.mkdirSync(path.join(this.folder, name));
        this.port = await freePort();
        const imagePort = await freePort();
        const iipsrv = `fastcgi://127.0.0.1:${imagePort}/iiif/ server=iipsrv`;
        this.env = {
            PATH: process.env.PATH,
            HOME: this.folder,
            TILEGATE_PUBLIC_URL: this.origin,
            TILEGATE_ORGANISATION: "the demo archive",
            TILEGATE_KEYS: run(this.tilegate, ["key", "new"]).trim(),
            // Unix sockets have names of 107 bytes at most.
            TILEGATE_LISTEN: `unix:${this.folder}/tilegate.sock`,
            TILEGATE_NGINX_SOCKET_DIR: this.folder,
            TILEGATE_DATABASE_URL: `sqlite:${this.folder}/tilegate.db`,
            TILEGATE_MOUNT_IMAGES: `image /iiif/images/ ${iipsrv} default=closed`,
            TILEGATE_MOUNT_IMAGES2: `image /iiif/images2/ ${iipsrv} iiif_auth=2 rules=images`,
            TILEGATE_MOUNT_MANIFESTS: `manifest /iiif/manifests/ file://${this.folder}/manifests/ default=open`,
        };
        this.#writeManifests();
        this.#tilegate("policy", "import", path.join(here, "policy.toml"));
        for (const [name, { password, conditions }] of Object.entries(PEOPLE)) {
            const held = conditions ? ["--conditions", conditions] : [];
            this.#tilegateWith(password, "account", "add", name, "--password-stdin", ...held);
        }
        this.#writeNginx();
        this.#spawn("iipsrv", "/usr/lib/iipimage-server/iipsrv.fcgi", ["--bind", `127.0.0.1:${imagePort}`], {
            FILESYSTEM_PREFIX: `${this.work}/images/`,
            URI_MAP: "iiif=>IIIF",
            CACHE_CONTROL: "private, no-cache",
            VERBOSITY: "1",
            LOGFILE: `${this.folder}/iipsrv-requests.log`,
        });
        this.#spawn("tilegate", this.tilegate, ["serve"], { ...this.env, NO_COLOR: "1" });
        this.#spawn("nginx", "nginx", ["-p", `${this.folder}/`, "-c", "nginx.conf", "-e", "stderr"]);
        await this.#ready();
    }

    #tilegate(...args) {
        return run(this.tilegate, args, { env: this.env });
    }

    #tilegateWith(input, ...args) {
        return run(this.tilegate, args, { env: this.env, input: `${input}\n` });
    }

    #spawn(name, command, args, env = {}) {
        const log = fs.openSync(path.join(this.folder, `${name}.log`), "w");
        // It ends with this process, whatever ends that.
        const child = spawn("setpriv", ["--pdeathsig", "TERM", "--", command, ...args], {
            env: { PATH: process.env.PATH, HOME: this.folder, ...env },
            stdio: ["ignore", log, log],
        });
        fs.closeSync(log);
        child.name = name;
        this.#children.push(child);
    }

    #writeManifests() {
        const size = (image) => {
            const file = path.join(this.work, "images", image);
            const field = (name) => Number(run("vipsheader", ["-f", name, file]));
            return { width: field("width"), height: field("height") };
        };
        const images = { letter: "protected/letter.tif", harbour: "open/harbour.tif" };
        for (const [name, identifier] of Object.entries(images)) {
            const measures = size(identifier);
            for (const mount of ["images", "images2"]) {
                const service = this.image(mount, identifier);
                for (const [version, write] of [[2, manifest2], [3, manifest3]]) {
                    const id = this.manifest(mount, name, version);
                    const text = JSON.stringify(write({ id, label: name, service, ...measures }));
                    fs.writeFileSync(path.join(this.folder, "manifests", path.basename(id)), text);
                }
            }
        }
    }

    #writeNginx() {
        const names = `DNS:*.images.test,DNS:${HOSTS.stranger}`;
        run("openssl", [
            ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=images.test".split(" "),
            ...["-addext", `subjectAltName=${names}`],
            ...["-keyout", path.join(this.folder, "key.pem"), "-out", path.join(this.folder, "certificate.pem")],
        ]);
        const filled = {
            RUN: this.folder,
            PORT: this.port,
            IMAGES: HOSTS.images,
            SIBLING: HOSTS.sibling,
            STRANGER: HOSTS.stranger,
            PAGES: path.join(here, "viewers"),
            CLIENT: path.join(here, "reference-client"),
            BUILT: path.join(this.work, "built"),
            MODULES: path.join(this.work, "npm/node_modules"),
        };
        for (const name of ["nginx.conf", "viewers.conf"]) {
            const text = fs.readFileSync(path.join(here, `${name}.in`), "utf8");
            const put = text.replaceAll(/@([A-Z]+)@/g, (_, key) => filled[key]);
            fs.writeFileSync(path.join(this.folder, name), put);
        }
        for (const part of ["http", "server"]) {
            const text = this.#tilegate("nginx-conf", `--${part}`);
            fs.writeFileSync(path.join(this.folder, `tilegate-${part}.conf`), text);
        }
    }

    async #ready() {
        const until = Date.now() + READY_MS;
        const url = `${this.image("images", "open/harbour.tif")}/full/100,/0/default.jpg`;
        for (;;) {
            for (const child of this.#children) {
                if (child.exitCode === null && child.signalCode === null) continue;
                throw new Error(`${child.name} has stopped:\n${this.#log(child.name)}`);
            }
            const answer = await this.get(url).catch(() => undefined);
            if (answer?.status === 200 && answer.type === "image/jpeg") return;
            if (Date.now() > until) {
                const logs = this.#children.map((child) => `${child.name}: ${this.#log(child.name)}`);
                throw new Error(`the site is not ready (${answer?.status}):\n${logs.join("\n")}`);
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    }

    #log(name) {
        return fs.readFileSync(path.join(this.folder, `${name}.log`), "utf8").slice(-2000);
    }

    /** What NGINX has answered to browsers at the images' host, oldest first: `{ method, path, status, type, cookie }`. */
    answers() {
        const file = path.join(this.folder, "answers.log");
        const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
        return lines.map((line) => JSON.parse(line)).filter(({ host }) => host === HOSTS.images);
    }

    /** Asks as a program without a browser would. */
    get(url, headers = {}) {
        const { hostname, pathname, search } = new URL(url);
        const options = {
            ...{ host: "127.0.0.1", port: this.port, servername: hostname, path: pathname + search },
            ...{ headers: { Host: `${hostname}:${this.port}`, ...headers }, rejectUnauthorized: false, agent: false },
        };
        return new Promise((resolve, reject) => {
            const request = https.get(options, (response) => {
                const parts = [];
                response.on("data", (part) => parts.push(part));
                response.on("end", () => {
                    const type = response.headers["content-type"];
                    resolve({ status: response.statusCode, type, body: Buffer.concat(parts) });
                });
                response.on("error", reject);
            });
            request.setTimeout(10_000, () => request.destroy(new Error(`no answer for ${url}`)));
            request.on("error", reject);
        });
    }

    /** What a tile of an image answers to these cookies. */
    async tileStatus(mount, identifier, cookies = []) {
        const header = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
        const url = `${this.image(mount, identifier)}/0,0,256,256/256,/0/default.jpg`;
        return (await this.get(url, header ? { Cookie: header } : {})).status;
    }

    async stop() {
        const ended = this.#children.map((child) => {
            if (child.exitCode !== null || child.signalCode !== null) return undefined;
            return new Promise((resolve) => {
                const hard = setTimeout(() => child.kill("SIGKILL"), 5000);
                child.once("exit", () => resolve(clearTimeout(hard)));
                child.kill("SIGTERM");
            });
        });
        await Promise.all(ended);
        this.#children = [];
    }
}

function manifest2({ id, label, service, width, height }) {
    const canvas = `${id}/canvas/1`;
    const resource = {
        ...{ "@id": `${service}/full/max/0/default.jpg`, "@type": "dctypes:Image", format: "image/jpeg", width, height },
        service: {
            "@context": "http://iiif.io/api/image/2/context.json",
            "@id": service,
            profile: "http://iiif.io/api/image/2/level1.json",
        },
    };
    const painting = { "@type": "oa:Annotation", motivation: "sc:painting", resource, on: canvas };
    const canvases = [{ "@id": canvas, "@type": "sc:Canvas", label: "1", width, height, images: [painting] }];
    const sequences = [{ "@type": "sc:Sequence", canvases }];
    return { "@context": "http://iiif.io/api/presentation/2/context.json", "@id": id, "@type": "sc:Manifest", label, sequences };
}

function manifest3({ id, label, width, height, ...given }) {
    const canvas = `${id}/canvas/1`;
    const body = given.body ?? {
        ...{ id: `${given.service}/full/max/0/default.jpg`, type: "Image", format: "image/jpeg", width, height },
        service: [{ "@id": given.service, "@type": "ImageService2", profile: "http://iiif.io/api/image/2/level1.json" }],
    };
    const painting = { id: `${canvas}/painting`, type: "Annotation", motivation: "painting", target: canvas, body };
    const page = { id: `${canvas}/page`, type: "AnnotationPage", items: [painting] };
    const items = [{ id: canvas, type: "Canvas", label: { none: ["1"] }, width, height, items: [page] }];
    const context = "http://iiif.io/api/presentation/3/context.json";
    return { "@context": context, id, type: "Manifest", label: { en: [label] }, items };
}
