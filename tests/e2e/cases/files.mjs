// A recording and a document in a manifest of version 3, with the services that the server puts there.

import assert from "node:assert/strict";

import * as reference from "../reference.mjs";
import { START } from "../visit.mjs";

const SOUND = { path: "protected/tone.wav", type: "Sound", format: "audio/wav", duration: 4 };
const TEXT = { path: "protected/page.pdf", type: "Text", format: "application/pdf" };

/** A manifest with the file in it; how it is decorated is up to the mount of the files. */
function manifestOf(visit, mount, { path, duration, ...resource }) {
    const name = visit.name.replaceAll("/", "-");
    const body = { id: `${visit.site.origin}/${mount}/${path}`, duration, ...resource };
    return visit.site.writeManifest(name, body, duration ? { duration } : undefined);
}

const given = (visit, file, since = START) =>
    visit.answers().slice(since.answers).filter(({ method, path, status }) => {
        return method === "GET" && path.startsWith("/files") && path.endsWith(file.path) && (status === 200 || status === 206);
    });

/** A2-05, 42 to 45: the probe stands at the file; nothing of it comes before the login, and everything after. */
async function inReference(visit, place, mount, file) {
    await reference.open(visit, place, { manifest: manifestOf(visit, mount, file) });
    await reference.reaches(visit, "offered");
    assert.deepEqual(given(visit, file), []);
    const window = await visit.popup(() => visit.page.locator("#offers .confirm").click());
    const before = visit.mark();
    await visit.logIn(window);
    await reference.reaches(visit, "shown");
    assert.deepEqual(await reference.steps(visit), [
        ...["probe 401", "access active", "window closed", "token", "probe with token 200", "shown resource"],
    ]);
    await visit.until("the file", () => given(visit, file, before).length > 0);
    const [answer] = given(visit, file, before);
    assert.equal(answer.type, file.format);
    assert(answer.cookie, "it comes by the cookie");
    if (file === SOUND) {
        assert.equal(answer.status, 206, "browsers ask for recordings in ranges");
        const seconds = await visit.page.evaluate(() => document.querySelector("audio").duration);
        assert.equal(Math.round(seconds), file.duration);
    }
    await visit.screenshot("open");
    await visit.popupComesAndGoes(() => visit.page.locator("#leave .logout").click());
    await visit.page.reload();
    await reference.reaches(visit, "offered");
}

/** Universal Viewer asks ahead with HEAD, before the login without a token and after it with one. */
async function loginInUniversalViewer(visit, place, file) {
    await visit.open(place, "/viewers/uv.html", { manifest: manifestOf(visit, "files", file) });
    const confirm = visit.page.locator(".overlay.auth .confirm").first();
    await confirm.waitFor();
    assert.deepEqual(given(visit, file), []);
    await visit.screenshot("1-locked");
    const window = await visit.popup(() => confirm.click());
    await visit.logIn(window);
    const heads = () => visit.answers().filter(({ method, path }) => method === "HEAD" && path === `/files/${file.path}`);
    await visit.until("HEAD given for the token", () => heads().some(({ status }) => status === 200));
    assert.deepEqual(heads().map(({ status }) => status), [401, 200]);
    // On its own host it has the cookie as well; elsewhere the token alone.
    if (place !== "same-origin") assert.equal(heads()[1].cookie, false);
}

async function playsInUniversalViewer(visit, place) {
    await loginInUniversalViewer(visit, place, SOUND);
    await visit.page.getByRole("button", { name: /play/i }).first().click();
    await visit.until("the recording", () => given(visit, SOUND).length > 0);
    const playing = () => visit.page.evaluate(() => document.querySelector("audio, video")?.currentTime > 0);
    await visit.until("it plays", playing);
    await visit.screenshot("2-plays");
}

export const cases = [
    { name: "reference/2.0/same-site/sound", run: (visit) => inReference(visit, "same-site", "files2", SOUND) },
    { name: "reference/2.0/other-site/sound", run: (visit) => inReference(visit, "other-site", "files2", SOUND) },
    { name: "reference/both-versions/other-site/pdf", run: (visit) => inReference(visit, "other-site", "files", TEXT) },
    ...["same-origin", "other-site"].map((place) => ({
        name: `uv/1.0/${place}/sound`,
        run: (visit) => playsInUniversalViewer(visit, place),
    })),
    // What shows a document it gets from elsewhere on the net; so far and no further without that.
    { name: "uv/1.0/same-origin/pdf-login", run: (visit) => loginInUniversalViewer(visit, "same-origin", TEXT) },
];
