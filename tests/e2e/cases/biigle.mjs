// BIIGLE's page, with an image of a remote volume: it fetches an address of its own, which sends the browser on to where the
// image is, and draws what comes on a canvas that it reads from. Where the network fails it shows an <img> instead, from
// whose canvas nothing can be read.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

const NAME = "B\u00fccher 1.png";
const RED = [255, 0, 0, 255];

/** Goes to BIIGLE with an image in the protected files; gives the image's name in an address. */
async function begin(visit, place = "other-site") {
    const { page, site } = visit;
    await page.goto(`${site.viewerOrigin(place)}/biigle`);
    const url = await page.evaluate(() => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [8, 8];
        const context = canvas.getContext("2d");
        context.fillStyle = "#f00";
        context.fillRect(0, 0, 8, 8);
        return canvas.toDataURL("image/png");
    });
    const volume = path.join(site.folder, "files/protected/volume");
    fs.mkdirSync(volume, { recursive: true });
    fs.writeFileSync(path.join(volume, NAME), Buffer.from(url.split(",")[1], "base64"));
    return encodeURIComponent(NAME);
}

/** What BIIGLE's page makes of an image at `to`: `{ by, status, pixel }`. */
function shown(visit, to) {
    return visit.page.evaluate(async (to) => {
        const own = `/api/v1/images/1/file?to=${to}`;
        const drawn = async (source) => {
            const image = new Image();
            await new Promise((resolve, reject) => {
                image.onload = resolve;
                image.onerror = () => reject(new Error("no image"));
                image.src = source;
            });
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            try {
                return [...context.getImageData(3, 3, 1, 1).data];
            } catch (error) {
                return error.name;
            }
        };
        let response;
        try {
            response = await fetch(own);
        } catch {
            const pixel = await drawn(own).catch(({ message }) => message);
            return { by: "img", pixel };
        }
        if (!response.ok) return { by: "fetch", status: response.status };
        return { by: "fetch", status: 200, pixel: await drawn(URL.createObjectURL(await response.blob())) };
    }, to);
}

/** The recommended way, until its pass is revoked. */
async function capability(visit) {
    const name = await begin(visit);
    const { id, secret } = visit.site.newPass("files", "protected/volume");
    const to = `${visit.site.origin}/volumes/tgp_${secret}/${name}`;
    await visit.until("the pass known", async () => (await shown(visit, to)).status === 200);
    assert.deepEqual(await shown(visit, to), { by: "fetch", status: 200, pixel: RED });
    // Where no origin is named any page may read what its address opens.
    const plain = `${visit.site.origin}/files/tgp_${secret}/${name}`;
    assert.deepEqual(await shown(visit, plain), { by: "fetch", status: 200, pixel: RED });
    const left = visit.answers().filter(({ path }) => path.includes(secret));
    assert.deepEqual(left, [], "the site's log has nothing of it");
    visit.site.revokePass(id);
    await visit.until("the pass revoked", async () => (await shown(visit, to)).status === 403);
    assert.deepEqual(await shown(visit, to), { by: "fetch", status: 403 });
}

/** Name and secret in the address are for BIIGLE's server: a browser follows to no such address, and shows none. */
async function userinfo(visit) {
    const name = await begin(visit);
    const { secret } = visit.site.newPass("files", "protected/volume");
    const { origin } = visit.site;
    const url = `${origin}/files/protected/volume/${name}`;
    const basic = { Authorization: `Basic ${Buffer.from(`user:${secret}`).toString("base64")}` };
    await visit.until("the pass known", async () => (await visit.site.get(url, basic)).status === 200);
    const to = url.replace("https://", `https://user:${secret}@`);
    assert.deepEqual(await shown(visit, to), { by: "img", pixel: "no image" });
    const asked = visit.answers().filter(({ path, status }) => path.includes("/protected/volume/") && status === 200);
    assert.deepEqual(asked, [], "it never gets there");
}

/** With a login's cookie: BIIGLE asks without it and is told 401, which it can read, so that it does not try further. */
async function cookie(visit) {
    const name = await begin(visit);
    await visit.logInByLink("ada");
    const locked = `/protected/volume/${name}`;
    assert.deepEqual(await shown(visit, `${visit.site.origin}/volumes${locked}`), { by: "fetch", status: 401 });
    // Where no CORS header says that it may read the 401, it shows an <img>, which has the cookie and is not readable.
    const image = await shown(visit, `${visit.site.origin}/without-cors${locked}`);
    assert.deepEqual(image, { by: "img", pixel: "SecurityError" });
}

/** A page of an origin that the mount names reads with its visitor's cookie, if it asks to; no other does. */
async function credentials(visit) {
    const name = await begin(visit);
    await visit.logInByLink("ada");
    const read = (mount) => visit.page.evaluate(async (url) => {
        const answer = await fetch(url, { credentials: "include" }).catch(() => undefined);
        return answer?.status;
    }, `${visit.site.origin}/${mount}/protected/volume/${name}`);
    assert.equal(await read("volumes"), 200);
    assert.equal(await read("files"), undefined, "no origin is named there");
    await begin(visit, "unlisted-site");
    assert.equal(await read("volumes"), undefined);
    // What its scripts send besides is announced, and taken.
    await begin(visit);
    const status = await visit.page.evaluate(async (url) => {
        const headers = { "X-CSRF-Token": "x", "X-Requested-With": "XMLHttpRequest" };
        return (await fetch(url, { headers, credentials: "include" })).status;
    }, `${visit.site.origin}/volumes/protected/volume/${name}`);
    assert.equal(status, 200);
}

export const cases = [
    { name: "biigle/capability-url", run: capability },
    { name: "biigle/user-and-secret", run: userinfo },
    { name: "biigle/cookie", run: cookie },
    { name: "biigle/named-origin", run: credentials },
];
