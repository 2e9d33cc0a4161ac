// Universal Viewer 4: IIIF Authentication 1.0; its tiles are fetched anonymously, so only from its own origin.

import assert from "node:assert/strict";

import { pageManifest } from "../visit.mjs";

const open = (visit, place, mount, version = 2) =>
    visit.open(place, "/viewers/uv.html", { manifest: pageManifest(visit, mount, version) });

const confirm = (visit) => visit.page.locator(".overlay.auth a.confirm, .overlay.auth .confirm").first();

async function locked(visit, since) {
    await confirm(visit).waitFor();
    await visit.settle();
    await visit.nothingArrives(since);
}

const askToLogIn = (visit) => visit.popup(() => confirm(visit).click());

/**
 * A1-13, 15, 19, 25 to 28, 34 to 40. UV has no log-out of its own, and keeps its token in the tab's storage: the log-out
 * is a link's, and it counts all the same.
 */
async function cycle(visit, version) {
    await open(visit, "same-origin", "images", version);
    await locked(visit);
    await visit.screenshot("1-locked");
    const window = await askToLogIn(visit);
    const before = visit.mark();
    await visit.logIn(window);
    await visit.tilesArrive(before);
    await visit.screenshot("2-open");

    const cookies = await visit.copyOfCookies();
    await visit.logOutByLink();
    await visit.isOver(cookies);
    const after = visit.mark();
    await visit.page.reload();
    await locked(visit, after);
    await visit.screenshot("3-logged-out");
}

/** A1-16: the viewer shows the terms, and the window closes by itself. */
async function clickthrough(visit) {
    await open(visit, "same-origin", "images");
    await locked(visit);
    await visit.page.getByText("Do not publish them").first().waitFor();
    await visit.screenshot("1-terms");
    const before = visit.mark();
    await visit.popupComesAndGoes(() => confirm(visit).click());
    await visit.tilesArrive(before);
    await visit.screenshot("2-open");
    const cookies = await visit.copyOfCookies();
    await visit.logOutByLink();
    await visit.isOver(cookies);
    const after = visit.mark();
    await visit.page.reload();
    await locked(visit, after);
}

/**
 * On any other origin the login works, and the token, but the tiles are asked for without cookies: OpenSeadragon's
 * crossOriginPolicy is Anonymous in UV. When this fails, UV has learnt it: move the place to the whole cycle.
 */
async function anonymousTiles(visit, place) {
    await open(visit, place, "images");
    await locked(visit);
    const window = await askToLogIn(visit);
    const before = visit.mark();
    await visit.logIn(window);
    await visit.until("info.json given for the token", () => visit.asked("/info.json", 200));
    await visit.until("tiles refused", () => visit.answered(401, before).length > 0);
    await visit.settle();
    await visit.nothingArrives(before);
    const withCookie = visit.answered(401, before).filter(({ cookie }) => cookie);
    assert.deepEqual(withCookie, [], "no tile is asked for with a cookie");
    assert.equal(await visit.tileStatus(await visit.cookies()), 200, "the login itself is good");
    await visit.screenshot("no-tiles");
}

/** Third-party cookies blocked: not even the token comes. */
async function blocked(visit) {
    await open(visit, "other-site", "images");
    await locked(visit);
    await visit.logIn(await askToLogIn(visit));
    await visit.until("the token service asked", () => visit.asked("/auth/iiif-token"));
    await visit.settle(3000);
    await visit.nothingArrives();
    assert(!visit.asked("/info.json", 200), "no token opened info.json");
    await visit.screenshot("locked");
}

/** A mount of 2.0 alone: UV offers no login; on its own origin it shows the image to somebody who is logged in already. */
async function knowsNo2(visit) {
    await open(visit, "same-origin", "images2");
    await visit.until("a tile refused", () => visit.answered(401).length > 0);
    await visit.settle();
    await visit.nothingArrives();
    assert.equal(await confirm(visit).isVisible(), false, "no login is offered");
    assert(!visit.asked("/auth/v2/probe/"), "the probe is not asked");
    await visit.screenshot("1-no-login");
    await visit.logInByLink("ada");
    const before = visit.mark();
    await visit.page.reload();
    await visit.tilesArrive(before);
}

export const cases = [
    { name: "uv/1.0/same-origin", run: (visit) => cycle(visit, 2) },
    { name: "uv/1.0/same-origin/presentation-3", run: (visit) => cycle(visit, 3) },
    { name: "uv/1.0/same-origin/cookies-blocked", blockThirdPartyCookies: true, run: (visit) => cycle(visit, 2) },
    ...["same-site", "other-site"].map((place) => ({
        name: `uv/1.0/${place}/logs-in-without-tiles`,
        run: (visit) => anonymousTiles(visit, place),
    })),
    {
        name: "uv/1.0/other-site/cookies-separated-stays-locked",
        only: "firefox", separateThirdPartyCookies: true,
        run: blocked,
    },
    {
        name: "uv/1.0/same-origin/cookies-separated",
        only: "firefox", separateThirdPartyCookies: true,
        run: (visit) => cycle(visit, 2),
    },
    { name: "uv/1.0/other-site/cookies-blocked-stays-locked", blockThirdPartyCookies: true, run: blocked },
    { name: "uv/1.0/same-origin/clickthrough", identifier: "terms/letter.tif", run: clickthrough },
    { name: "uv/2.0/same-origin/no-login-offered", run: knowsNo2 },
];
