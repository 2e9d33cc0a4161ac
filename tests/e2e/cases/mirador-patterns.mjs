// Mirador 3 and 4 with what is no login: terms, reading rooms, networks, and several ways at once. IIIF Authentication
// 1.0, section 2.3.

import assert from "node:assert/strict";

import { bar, locked, logOutButton, open, unfold, zoom } from "../mirador.mjs";
import { pageManifest } from "../visit.mjs";

const arrives = async (visit, version, before) => {
    if (version === 4) await zoom(visit);
    await visit.tilesArrive(before);
};

/** A1-16: the viewer shows the terms, and the window that it opens on "I agree" closes by itself. */
async function clickthrough(visit, version, place) {
    await open(visit, version, place, pageManifest(visit, "images", 2));
    await locked(visit);
    const agree = await unfold(visit, "I agree");
    await visit.page.getByText("Do not publish them").first().waitFor();
    await visit.screenshot("1-terms");
    const before = visit.mark();
    await visit.popupComesAndGoes(() => agree.click());
    await logOutButton(visit).waitFor();
    assert(visit.asked("/auth/iiif-clickthrough/terms"), "the service of the terms was opened");
    await arrives(visit, version, before);
    await visit.screenshot("2-open");
    await endsWithLogout(visit);
}

/** What was accepted counts until the log-out, for copies of the cookie too. */
async function endsWithLogout(visit) {
    const cookies = await visit.copyOfCookies();
    await visit.popupComesAndGoes(() => logOutButton(visit).click());
    await bar(visit).waitFor();
    await visit.isOver(cookies);
    const after = visit.mark();
    await visit.page.reload();
    await locked(visit, after);
}

/** Whoever is logged in keeps the login beside what is accepted. */
async function clickthroughKeepsLogin(visit, version) {
    await visit.logInByLink("ada");
    await open(visit, version, "same-site", pageManifest(visit, "images", 2));
    await locked(visit);
    const agree = await unfold(visit, "I agree");
    const before = visit.mark();
    await visit.popupComesAndGoes(() => agree.click());
    await logOutButton(visit).waitFor();
    await arrives(visit, version, before);
    await visit.cookiesOpen("terms/letter.tif", "protected/letter.tif");
    await endsWithLogout(visit);
    assert.equal(await visit.site.tileStatus("images", "protected/letter.tif", await visit.cookies()), 401);
}

/**
 * A1-17, the enrolled computer: Mirador opens the window by itself, and it comes with the device cookie, although
 * that is `SameSite=Lax` and the window is another site's.
 */
async function device(visit, version, place) {
    const id = await visit.enrol("room");
    const before = visit.mark();
    await visit.popupComesAndGoes(() => open(visit, version, place, pageManifest(visit, "images", 2)));
    assert(visit.asked("/auth/iiif-kiosk/room", 200), "the service of the room has answered 200");
    await visit.tilesArrive(before);
    assert.equal(await logOutButton(visit).count(), 0, "Mirador has no log-out for those it does not ask");
    // It puts up its canvas once more with the document that it gets for the token.
    await visit.until("info.json given for the token", () => visit.asked("/info.json", 200));
    await visit.settle();
    assert(await visit.picture(), "the picture stays");
    await visit.screenshot("1-open");

    // A device that is revoked opens nothing more, whatever was given before.
    const cookies = await visit.copyOfCookies();
    visit.site.revokeDevice(id);
    await visit.until("the revoked device's tiles refused", async () => (await visit.tileStatus(cookies)) === 401);
    const after = visit.mark();
    const window = await visit.popup(() => visit.page.reload());
    await window.getByText("Not from here").waitFor();
    await window.close();
    await visit.settle();
    await visit.nothingArrives(after);
    await visit.screenshot("2-revoked");
}

/** A1-17 on any other computer: the window says so, and stays until somebody closes it. */
async function noDevice(visit, version) {
    const manifest = pageManifest(visit, "images", 2);
    const window = await visit.popup(() => open(visit, version, "same-site", manifest));
    await window.getByText("Not from here").waitFor();
    await window.close();
    await visit.until("the token service asked", () => visit.asked("/auth/iiif-token"));
    await visit.settle();
    await visit.nothingArrives();
    await visit.screenshot("locked");
}

/** A browser that lets no page open windows without a click, as browsers are delivered: the window never comes. */
async function popupBlocked(visit, version) {
    await visit.enrol("room");
    const before = visit.mark();
    await open(visit, version, "same-site", pageManifest(visit, "images", 2));
    await visit.until("info.json refused", () => visit.asked("/info.json", 401));
    await visit.settle(4000);
    assert(!visit.asked("/auth/iiif-kiosk/room"), "the window is not opened");
    const error = visit.page.getByText("An error occurred");
    assert.equal(await error.count(), version === 4 ? 1 : 0, "Mirador 3 says nothing, Mirador 4 that something is wrong");
    await visit.nothingArrives(before);
    await visit.screenshot("locked");
}

/**
 * A1-18: somebody whose account holds the condition, and who is logged in, sees the image at once. Mirador never puts up
 * the frame for the token of an external service (3.4.3 and 4.0.0), and goes on with the document of the 401: the tiles
 * come by their cookie. When this fails because the token is asked for, it has learnt it.
 */
async function external(visit, version, place) {
    await visit.logInByLink("ada");
    const before = visit.mark();
    await open(visit, version, place, pageManifest(visit, "images", 2));
    await visit.tilesArrive(before);
    withoutAsking(visit);
    await visit.screenshot("open");
}

function withoutAsking(visit) {
    assert.equal(visit.browser.pages().length, 1, "no window was opened");
    assert(!visit.asked("/auth/iiif-external"), "the service's address is not asked");
    assert(!visit.asked("/auth/iiif-token"), "the token service is not asked");
}

/** A1-18: without the condition nothing is opened, and nothing is said. */
async function externalStranger(visit, version) {
    await open(visit, version, "same-site", pageManifest(visit, "images", 2));
    await visit.until("a tile refused", () => visit.answered(401).length > 0);
    await visit.settle();
    await visit.nothingArrives();
    assert.equal(await bar(visit).count(), 0, "nothing is offered");
    withoutAsking(visit);
    await visit.screenshot("locked");
}

/**
 * A room, terms and a login, in this order. Mirador goes on to the next way when a window is closed, before it asks for
 * the token of this one (3.4.3 and 4.0.0), so what was given counts when the page is loaded again, and without that
 * after the last way alone. When this fails at "goes on to the login", it has learnt it.
 */
async function several(visit, version) {
    const manifest = pageManifest(visit, "images", 2);
    await visitsRoom(visit, () => open(visit, version, "same-site", manifest));
    await bar(visit).waitFor();
    await visit.nothingArrives();
    await visit.screenshot("1-terms");
    const agree = await unfold(visit, "I agree");
    await visit.popupComesAndGoes(() => agree.click());
    await visit.page.getByText("Staff of the demo archive").first().waitFor();
    assert(!visit.asked("/auth/iiif-token"), "goes on to the login without asking for a token");
    await visit.screenshot("2-goes-on");
    await visit.cookiesOpen("several/letter.tif");

    const before = visit.mark();
    await visitsRoom(visit, () => visit.page.reload());
    await arrives(visit, version, before);
    await visit.screenshot("3-open-after-reload");
}

/** The window of the reading room, which is not for this computer. */
async function visitsRoom(visit, act) {
    const window = await visit.popup(act);
    assert.equal(new URL(window.url()).pathname, "/auth/iiif-kiosk/room");
    await window.getByText("Not from here").waitFor();
    await window.close();
}

/** The same on a computer of the room: its window is not enough before the page is loaded again, either. */
async function severalInRoom(visit, version) {
    await visit.enrol("room");
    const manifest = pageManifest(visit, "images", 2);
    await visit.popupComesAndGoes(() => open(visit, version, "other-site", manifest));
    await bar(visit).waitFor();
    assert(!visit.asked("/auth/iiif-token"), "goes on to the terms without asking for a token");
    const before = visit.mark();
    await visit.popupComesAndGoes(() => visit.page.reload());
    await arrives(visit, version, before);
    await visit.screenshot("open-after-reload");
}

export const cases = [3, 4].flatMap((version) => {
    const name = (rest) => `mirador${version}/${rest}`;
    return [
        ...["same-site", "other-site"].map((place) => ({
            name: name(`1.0/${place}/clickthrough`),
            identifier: "terms/letter.tif",
            run: (visit) => clickthrough(visit, version, place),
        })),
        {
            name: name("1.0/same-site/clickthrough-keeps-login"),
            identifier: "terms/letter.tif",
            run: (visit) => clickthroughKeepsLogin(visit, version),
        },
        ...["same-site", "other-site"].map((place) => ({
            name: name(`1.0/${place}/kiosk-device`),
            identifier: "room/letter.tif",
            run: (visit) => device(visit, version, place),
        })),
        {
            name: name("1.0/same-site/kiosk-no-device"),
            identifier: "room/letter.tif",
            run: (visit) => noDevice(visit, version),
        },
        {
            name: name("1.0/same-site/kiosk-popup-blocked"),
            identifier: "room/letter.tif",
            // The driver tells Firefox to let every page open windows.
            only: "chromium",
            blockPopups: true,
            run: (visit) => popupBlocked(visit, version),
        },
        ...["same-site", "other-site"].map((place) => ({
            name: name(`1.0/${place}/external-by-account`),
            identifier: "campus/letter.tif",
            run: (visit) => external(visit, version, place),
        })),
        {
            name: name("1.0/same-site/external-stranger"),
            identifier: "campus/letter.tif",
            run: (visit) => externalStranger(visit, version),
        },
        {
            name: name("1.0/same-site/several-ways"),
            identifier: "several/letter.tif",
            run: (visit) => several(visit, version),
        },
        {
            name: name("1.0/other-site/several-ways-room"),
            identifier: "several/letter.tif",
            run: (visit) => severalInRoom(visit, version),
        },
    ];
});
