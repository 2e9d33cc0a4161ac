// A notebook reads a slice with zarr and fsspec: the very lines of docs/neuroglancer.md, with a token from the environment.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { SIZE, voxel } from "../volumes.mjs";

const DOCS = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../../docs/neuroglancer.md");
/** What the page has for an address, and what stands for it here. */
const ADDRESS = "https://data.example.org/volumes/brain/em.zarr/0";
const FOLDER = "protected/ball.zarr/0";
/** The names of this site are known to its browsers alone. */
const RESOLVE = `
import socket
ask = socket.getaddrinfo
socket.getaddrinfo = lambda host, *more, **named: ask("127.0.0.1" if str(host).endswith(".test") else host, *more, **named)
`;

/** The lines of Python on the page, with the address and what is read put in. */
function script(site, volume) {
    const [, lines] = /```python\n(.*?)```/s.exec(fs.readFileSync(DOCS, "utf8")) ?? [];
    assert(lines?.includes(ADDRESS) && lines.includes("VOLUME_TOKEN"), "the page has such lines");
    const tell = "print(volume.shape, list(map(int, volume[32, 64, :])))";
    return `${RESOLVE}${lines.replaceAll(ADDRESS, `${site.origin}/files/${volume}`)}\n${tell}\n`;
}

async function python(visit, text, token) {
    const { work, site } = visit;
    const environment = {
        ...{ PATH: process.env.PATH, HOME: site.folder, VOLUME_TOKEN: token },
        SSL_CERT_FILE: path.join(site.folder, "certificate.pem"),
    };
    const options = { env: environment, timeout: 50_000 };
    return promisify(execFile)(path.join(work, "notebook/bin/python"), ["-c", text], options);
}

async function reads(visit) {
    const { site } = visit;
    const { id, secret } = site.newPass("files", FOLDER);
    const token = `tgp_${id}_${secret}`;
    // The service hears of it within a second.
    await visit.settle(1500);
    const text = script(site, FOLDER);
    const row = Array.from({ length: SIZE[0] }, (_, x) => voxel(x, 64, 32));
    const { stdout } = await python(visit, text, token);
    assert.equal(stdout.trim(), `(64, 128, 128) [${row.join(", ")}]`);
    for (const [what, source, wrong] of [
        ["another volume", script(site, "protected/other.zarr/0"), token],
        ["another token", text, token.replace(/.$/, (last) => (last === "A" ? "E" : "A"))],
    ]) {
        await assert.rejects(python(visit, source, wrong), /401|Unauthorized/, what);
    }
    site.revokePass(id);
    await visit.settle(1500);
    await assert.rejects(python(visit, text, token), /401|Unauthorized/, "revoked");
}

export const cases = [{ name: "notebook/zarr-and-fsspec", minutes: 3, run: reads }];
