// The site that the viewers are shown: NGINX over TLS, iipsrv and the real `tilegate`, on loopback.

import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import https from "node:https";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { book3, manifest2, manifest3, manifestName, writeFiles } from "./documents.mjs";
import { writeVolumes } from "./volumes.mjs";

/** The hosts: the images', another one of the same site, and two of other sites. */
export const HOSTS = {
    ...{ images: "iiif.images.test", sibling: "viewer.images.test" },
    ...{ stranger: "viewer.test", unlisted: "unlisted.test" },
};

/** Where a viewer may be, seen from the images. */
export const PLACES = {
    ...{ "same-origin": HOSTS.images, "same-site": HOSTS.sibling },
    ...{ "other-site": HOSTS.stranger, "unlisted-site": HOSTS.unlisted },
};

const person = (conditions, ...also) => ({ password: randomBytes(12).toString("hex"), conditions, also });

/** Who may log in: `ada` sees what a login opens, her colleague `cleo` what staff may see, `bob` has an account and nothing else. */
const PEOPLE = { ada: person("staff,campus,preview"), bob: person(""), cleo: person("staff") };

/** Who there is besides where the administration is looked at: each for other cases, since they change their accounts. */
const STAFF = {
    ...{ chief: person("staff", "--admin"), deputy: person("", "--admin") },
    ...{ carol: person("staff"), dora: person("staff"), emil: person("staff") },
};

/** The drawings, in each of the collections that the policies have rules for, and in some without any. */
const COLLECTIONS = ["protected", "terms", "room", "campus", "several", "tiered"];
const UNRULED = ["book-1", "book-2", "book-3", "book-4"];

/**
 * The sites there are, by policy and people. In `network` whoever comes from loopback is in the reading room and on
 * the campus, so nobody is a stranger there, and only some viewers may have tokens. In `administration` there are
 * administrators; in all others nobody may administer yet. In `first` nobody has done anything. In `remembering` and `forgetful`
 * preflights of files are logged, to be counted, which they are not elsewhere; the second tells browsers to remember none.
 */
const KINDS = {
    plain: { policy: "policy.toml", people: PEOPLE },
    network: { policy: "policy-network.toml", people: PEOPLE },
    first: { people: {} },
    remembering: { policy: "policy.toml", people: PEOPLE },
    forgetful: { policy: "policy.toml", people: PEOPLE },
    administration: { policy: "policy.toml", people: { ...PEOPLE, ...STAFF } },
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

    /**
     * @param kind one of `KINDS`
     * @param given `{ tilegate, work, folder }`: the program, target/e2e, and a folder with a short name.
     */
    static async start(kind, given) {
        const site = new Site();
        Object.assign(site, given, { kind, ...KINDS[kind], folder: path.join(given.folder, kind) });
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

    /** The address of the manifest of an image, with its services, for one of the image mounts. */
    manifest(mount, identifier, version) {
        return `${this.origin}/iiif/manifests${mount.slice("images".length)}/${manifestName(identifier, version)}`;
    }

    /** The same from another server than Tilegate's, which puts no services into it. */
    foreignManifest(identifier, version) {
        const text = fs.readFileSync(path.join(this.folder, "manifests", manifestName(identifier, version)), "utf8");
        return this.writeDocument(`${identifier.replaceAll("/", "-")}-${version}`, JSON.parse(text));
    }

    /** Writes a manifest of version 3 with one resource in it, for what no other manifest has; gives its address. */
    writeManifest(name, resource, measures = { width: 1000, height: 1000 }) {
        const id = `${this.origin}/iiif/manifests/${name}.json`;
        const text = JSON.stringify(manifest3({ id, label: name, body: resource, ...measures }));
        fs.writeFileSync(path.join(this.folder, "manifests", `${name}.json`), text);
        return id;
    }

    /** Writes a JSON document that is served as it is, without Tilegate, by the stranger's host; gives its address. */
    writeDocument(name, body) {
        fs.writeFileSync(path.join(this.folder, "documents", `${name}.json`), JSON.stringify(body));
        return `https://${HOSTS.stranger}:${this.port}/documents/${name}.json`;
    }

    async #start() {
        fs.mkdirSync(this.folder);
        for (const name of ["temporary", "manifests", "documents"]) fs.mkdirSync(path.join(this.folder, name));
        this.#hangImages();
        writeFiles(path.join(this.folder, "files"));
        writeVolumes(path.join(this.folder, "files/protected"));
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
            TILEGATE_MOUNT_IMAGES1: `image /iiif/images1/ ${iipsrv} iiif_auth=1 rules=images`,
            TILEGATE_MOUNT_IMAGES2: `image /iiif/images2/ ${iipsrv} iiif_auth=2 rules=images`,
            TILEGATE_MOUNT_FILES: `file /files/ file://${this.folder}/files/ default=closed`,
            TILEGATE_MOUNT_FILES2: `file /files2/ file://${this.folder}/files/ iiif_auth=2 rules=files`,
            TILEGATE_MOUNT_VOLUMES: `file /volumes/ file://${this.folder}/files/ rules=files cors=${this.viewerOrigin("other-site")}`,
        };
        for (const version of ["", "1", "2"]) {
            const manifests = `manifest /iiif/manifests${version}/ file://${this.folder}/manifests/`;
            this.env[`TILEGATE_MOUNT_MANIFESTS${version}`] = `${manifests} default=open images=images${version}`;
        }
        this.env.TILEGATE_NEUROGLANCER_ORIGINS = this.viewerOrigin("other-site");
        if (this.kind === "administration") this.env.TILEGATE_SELF_REGISTRATION = "approved";
        if (this.kind === "network") {
            const listed = ["same-site", "other-site"].map((place) => this.viewerOrigin(place));
            this.env.TILEGATE_VIEWER_ORIGINS = listed.join(",");
        }
        this.#writeManifests();
        if (this.policy) this.#tilegate("policy", "import", path.join(here, this.policy));
        for (const [name, { password, conditions, also }] of Object.entries(this.people)) {
            const held = conditions ? ["--conditions", conditions] : [];
            this.#tilegateWith(password, "account", "add", name, "--password-stdin", ...held, ...also);
        }
        this.#writeNginx();
        this.#spawn("iipsrv", "/usr/lib/iipimage-server/iipsrv.fcgi", ["--bind", `127.0.0.1:${imagePort}`], {
            FILESYSTEM_PREFIX: `${this.folder}/images/`,
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

    /** A new device, and the code to type on it: `{ id, code }`. */
    newDevice(condition) {
        const said = this.#tilegate("device", "new", "--condition", condition, "--label", "PC 3, first floor");
        const [id, code] = said.trim().split("\t");
        return { id, code };
    }

    revokeDevice(id) {
        this.#tilegate("device", "revoke", id);
    }

    /** A new pass for what is below a name in a mount: `{ id, secret }`. */
    newPass(mount, prefix) {
        const said = this.#tilegate("pass", "new", "--mount", mount, "--prefix", prefix, "--expires", "1h");
        const [id, secret] = said.trim().split("\t");
        return { id, secret };
    }

    revokePass(id) {
        this.#tilegate("pass", "revoke", id);
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

    /** The images as the image server sees them: links, for copies of one drawing in all collections. */
    #hangImages() {
        const images = path.join(this.folder, "images");
        fs.mkdirSync(images);
        fs.symlinkSync(path.join(this.work, "images/open"), path.join(images, "open"));
        for (const name of [...COLLECTIONS, ...UNRULED]) fs.symlinkSync(path.join(this.work, "images/protected"), path.join(images, name));
    }

    #writeManifests() {
        for (const identifier of ["open/harbour.tif", ...COLLECTIONS.map((name) => `${name}/letter.tif`)]) {
            const about = this.#about(identifier);
            for (const [version, write] of [[2, manifest2], [3, manifest3]]) {
                const id = this.manifest("images", identifier, version);
                const text = JSON.stringify(write({ id, label: identifier, ...about }));
                fs.writeFileSync(path.join(this.folder, "manifests", manifestName(identifier, version)), text);
            }
        }
    }

    /** Service and size of an image. */
    #about(identifier) {
        const file = path.join(this.folder, "images", identifier);
        const field = (name) => Number(run("vipsheader", ["-f", name, file]));
        return { service: this.image("images", identifier), width: field("width"), height: field("height") };
    }

    /** Writes a manifest of version 3 that has several images; gives its address. */
    writeBook(name, identifiers) {
        const id = `${this.origin}/iiif/manifests/${name}.json`;
        const images = identifiers.map((identifier) => ({ label: path.parse(identifier).name, ...this.#about(identifier) }));
        fs.writeFileSync(path.join(this.folder, "manifests", `${name}.json`), JSON.stringify(book3({ id, label: name, images })));
        return id;
    }

    /** What a program has said since it began. */
    said(name) {
        return fs.readFileSync(path.join(this.folder, `${name}.log`), "utf8");
    }

    #writeNginx() {
        const names = `DNS:*.images.test,DNS:${HOSTS.stranger},DNS:${HOSTS.unlisted}`;
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
            UNLISTED: HOSTS.unlisted,
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
            let text = this.#tilegate("nginx-conf", `--${part}`);
            if (["remembering", "forgetful"].includes(this.kind)) {
                text = text.replaceAll(/(if \(\$request_method = OPTIONS\) \{\n) *access_log off;\n/g, "$1");
            }
            if (this.kind === "forgetful") text = text.replaceAll("Access-Control-Max-Age 7200", "Access-Control-Max-Age 0");
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
            // Where there is no policy, the mount is closed to everybody.
            if (this.policy ? answer?.status === 200 && answer.type === "image/jpeg" : answer?.status === 403) return;
            if (Date.now() > until) {
                const logs = this.#children.map((child) => `${child.name}: ${this.#log(child.name)}`);
                throw new Error(`the site is not ready (${answer?.status}):\n${logs.join("\n")}`);
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    }

    #log(name) {
        return this.said(name).slice(-2000);
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
