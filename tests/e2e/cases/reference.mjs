// The reference client of the IIIF Authorization Flow API 2.0 (tests/e2e/reference-client): section 7.1 to the letter.

import assert from "node:assert/strict";

import { confirm, MIDDLE, offered, open, reaches, steps } from "../reference.mjs";
import { LETTER, pageManifest, press, START } from "../visit.mjs";

/** A2-04, 13 to 16, 19 to 22, 26 to 34, 37, 43 to 45, 58 to 63 */
async function active(visit, place, query) {
    await open(visit, place, query);
    await offered(visit);
    assert.match(await visit.page.locator("#offers .label").textContent(), /the demo archive/);
    assert.equal(await visit.page.locator("#offers .heading").textContent(), "For staff");
    assert.match(await visit.page.locator("#offers .note").textContent(), /Log in/);
    await visit.screenshot("1-locked");

    const window = await confirm(visit);
    const address = new URL(window.url());
    assert.equal(address.pathname, "/auth/v2/access/staff");
    assert.equal(address.searchParams.get("origin"), visit.site.viewerOrigin(place));
    const before = visit.mark();
    await visit.logIn(window);
    await reaches(visit, "shown");
    await visit.tilesArrive(before, MIDDLE);
    assert.deepEqual(await steps(visit), [
        ...["probe 401", "access active", "window closed", "token", "probe with token 200", "shown resource"],
    ]);
    await visit.screenshot("2-open");

    // The token of the page's earlier life still opens the probe: no window is needed. On the very origin of
    // the images the probe has the cookie, too.
    await visit.page.reload();
    await reaches(visit, "shown");
    const asked = place === "same-origin" ? ["probe 200"] : ["probe 401", "probe with token 200"];
    assert.deepEqual(await steps(visit), [...asked, "shown resource"]);

    const cookies = await visit.copyOfCookies();
    await visit.popupComesAndGoes(() => visit.page.locator("#leave .logout").click());
    await visit.isOver(cookies);
    const after = visit.mark();
    await visit.page.reload();
    await offered(visit, after);
    await visit.screenshot("3-logged-out");
}

/** A2-61: a token ends with its session, though the client still has it. */
async function keptToken(visit) {
    await open(visit, "other-site", { image: visit.site.image("images2", LETTER) });
    await offered(visit);
    await visit.logIn(await confirm(visit));
    await reaches(visit, "shown");
    await visit.logOutByLink();
    const after = visit.mark();
    await visit.page.reload();
    await offered(visit, after);
    assert.deepEqual(await steps(visit), ["probe 401", "probe with token 401"]);
}

/** A2-45, 53, 54: the account is good, and may not see the image: the token comes, and the probe says no, with words. */
async function wrongAccount(visit, place) {
    await open(visit, place, { image: visit.site.image("images2", LETTER) });
    await offered(visit);
    const window = await confirm(visit);
    await visit.fillLogin(window, "bob");
    await window.getByText("This account does not have").waitFor();
    await Promise.all([window.waitForEvent("close"), press(window, "Close this window")]);
    await reaches(visit, "denied");
    await visit.nothingArrives(START, MIDDLE);
    assert.deepEqual(await steps(visit), [
        ...["probe 401", "access active", "window closed", "token", "probe with token 401", "denied"],
    ]);
    assert.equal(await visit.page.locator("#message .heading").textContent(), "Not logged in");
    assert.match(await visit.page.locator("#message .note").textContent(), /this account may not see it/);
    await visit.screenshot("refused");
}

/** A2-39, 40: a window that is closed without a login: no token, and the reason is one of the six. */
async function givenUp(visit) {
    await open(visit, "other-site", { image: visit.site.image("images2", LETTER) });
    await offered(visit);
    await (await confirm(visit)).close();
    await reaches(visit, "denied");
    assert.deepEqual(await steps(visit), [
        ...["probe 401", "access active", "window closed", "token error missingAspect", "denied"],
    ]);
    assert.notEqual(await visit.page.locator("#message .heading").textContent(), "", "the error has a heading");
    await visit.page.locator("#offers .again").click();
    await offered(visit);
}

/** A2-21: who is logged in already presses a button on the server's own page; on the images' origin the probe says 200 at once. */
async function loggedInAlready(visit, place) {
    await visit.open(place, "/reference-client/index.html", { image: visit.site.image("images2", "open/harbour.tif") });
    await visit.logInByLink("ada");
    const before = visit.mark();
    await open(visit, place, { image: visit.site.image("images2", LETTER) });
    if (place === "same-origin") {
        await reaches(visit, "shown");
    } else {
        await offered(visit, before);
        await visit.proceed(await confirm(visit), "ada");
        await reaches(visit, "shown");
    }
    await visit.tilesArrive(before, MIDDLE);
}

/** An image that is open to everybody has no probe, and is shown at once. */
async function openImage(visit) {
    await open(visit, "other-site", { image: visit.site.image("images2", "open/harbour.tif") });
    await reaches(visit, "shown");
    assert.deepEqual(await steps(visit), ["shown resource"]);
    await visit.tilesArrive(START, MIDDLE);
}

/** The window's login is good, yet the token's frame has none of its cookies. */
async function blocked(visit) {
    await open(visit, "other-site", { image: visit.site.image("images2", LETTER) });
    await offered(visit);
    await visit.logIn(await confirm(visit));
    await reaches(visit, "denied");
    assert((await steps(visit)).includes("token error missingAspect"));
    assert.equal(await visit.tileStatus(await visit.cookies()), 200, "the login itself is good");
    await visit.nothingArrives(START, MIDDLE);
    await visit.screenshot("locked");
}

/** A2-05: the manifest has the probe and all that follows from it, so info.json is never asked. */
async function manifestAlone(visit) {
    await open(visit, "other-site", byManifest(visit));
    await offered(visit);
    const before = visit.mark();
    await visit.logIn(await confirm(visit));
    await reaches(visit, "shown");
    await visit.tilesArrive(before, MIDDLE);
    assert(!visit.asked("/info.json"), "info.json is not asked");
}

/** What a written probe answers: for what Tilegate's own does not say. */
function writtenProbe(visit, answer) {
    const name = visit.name.replaceAll("/", "-");
    const context = "http://iiif.io/api/auth/2/context.json";
    const id = visit.site.writeDocument(name, { "@context": context, type: "AuthProbeResult2", ...answer });
    const hidden = { id: "https://nowhere.test/image.jpg", type: "Image" };
    const service = [{ id, type: "AuthProbeService2", service: [], errorHeading: { en: ["Of the service"] } }];
    return visit.site.writeManifest(name, { ...hidden, service });
}

const harbour = (visit) => ({ id: visit.site.image("images2", "open/harbour.tif"), type: "ImageService2" });

/** The client reads `location`: that resource instead of its own (A2-52). */
async function location(visit) {
    await open(visit, "other-site", { manifest: writtenProbe(visit, { status: 302, location: harbour(visit) }) });
    await reaches(visit, "shown");
    assert.deepEqual(await steps(visit), ["probe 302", "shown location"]);
    await visit.tilesArrive(START, MIDDLE);
}

const byImage = (mount) => (visit) => ({ image: visit.site.image(mount, LETTER) });
const byManifest = (visit) => ({ manifest: pageManifest(visit, "images2", 3) });

const cycle = (name, place, query, wishes = {}) => ({
    name: `reference/2.0/${name}`,
    run: (visit) => active(visit, place, query(visit)),
    ...wishes,
});

export const cases = [
    cycle("same-origin", "same-origin", byImage("images2")),
    cycle("same-site", "same-site", byImage("images2")),
    cycle("other-site", "other-site", byImage("images2")),
    cycle("other-site/manifest", "other-site", byManifest),
    { name: "reference/2.0/other-site/manifest-is-enough", run: manifestAlone },
    // Of a mount of both versions the body of the 401 has the probe.
    cycle("other-site/both-versions", "other-site", byImage("images")),
    cycle("same-site/cookies-blocked", "same-site", byImage("images2"), { blockThirdPartyCookies: true }),
    { name: "reference/2.0/other-site/cookies-separated-stays-locked", only: "firefox", separateThirdPartyCookies: true, run: blocked },
    cycle("same-site/cookies-separated", "same-site", byImage("images2"), { only: "firefox", separateThirdPartyCookies: true }),
    { name: "reference/2.0/other-site/cookies-blocked-stays-locked", blockThirdPartyCookies: true, run: blocked },
    ...["same-site", "other-site"].map((place) => ({
        name: `reference/2.0/${place}/wrong-account`,
        run: (visit) => wrongAccount(visit, place),
    })),
    { name: "reference/2.0/other-site/kept-token", run: keptToken },
    { name: "reference/2.0/other-site/given-up", run: givenUp },
    ...["same-origin", "same-site", "other-site"].map((place) => ({
        name: `reference/2.0/${place}/logged-in-already`,
        run: (visit) => loggedInAlready(visit, place),
    })),
    { name: "reference/2.0/other-site/open-image", run: openImage },
    { name: "reference/client/location", run: location },
];
