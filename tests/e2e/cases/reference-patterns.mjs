// The reference client with what is no login: terms, reading rooms, networks, several ways at once, substitutes.

import assert from "node:assert/strict";

import { choose, MIDDLE, offered, open, reaches, steps } from "../reference.mjs";
import { START } from "../visit.mjs";

const byImage = (visit, mount) => ({ image: visit.site.image(mount, visit.identifier) });
const opened = (profile) => [
    ...["probe 401", `access ${profile}`, "window closed", "token", "probe with token 200", "shown resource"],
];

const shown = async (visit, before) => {
    await reaches(visit, "shown");
    await visit.tilesArrive(before, MIDDLE);
};

/** What was given ends with the log-out, for copies of the cookie and the token too. */
async function endsWithLogout(visit) {
    const cookies = await visit.copyOfCookies();
    await visit.popupComesAndGoes(() => visit.page.locator("#leave .logout").click());
    await visit.isOver(cookies);
    const after = visit.mark();
    await visit.page.reload();
    await offered(visit, after);
}

/** A2-08, 14, 15, 58 to 61: terms are an active service, and stand on our own page with a button. */
async function clickthrough(visit, place) {
    await open(visit, place, byImage(visit, "images2"));
    await offered(visit);
    assert.match(await visit.page.locator("#offers .note").textContent(), /Do not publish them/);
    const window = await choose(visit, "I agree");
    assert.equal(new URL(window.url()).pathname, "/auth/v2/access/terms");
    await window.getByText("Do not publish them").waitFor();
    await visit.screenshotOf(window, "1-terms");
    const before = visit.mark();
    await visit.agree(window);
    await shown(visit, before);
    assert.deepEqual(await steps(visit), opened("active"));
    await visit.screenshot("2-open");
    await endsWithLogout(visit);
}

/** Whoever is logged in keeps the login beside what is accepted; one log-out ends both. */
async function clickthroughKeepsLogin(visit) {
    await visit.logInByLink("ada");
    await open(visit, "other-site", byImage(visit, "images2"));
    await offered(visit);
    const before = visit.mark();
    await visit.agree(await choose(visit, "I agree"));
    await shown(visit, before);
    await visit.cookiesOpen("terms/letter.tif", "protected/letter.tif");
    await endsWithLogout(visit);
    assert.equal(await visit.site.tileStatus("images", "protected/letter.tif", await visit.cookies()), 401);
}

/** A2-18, 20: the enrolled computer. The window opens without a click, and comes with the device cookie. */
async function device(visit, place) {
    const id = await visit.enrol("room");
    const before = visit.mark();
    await visit.popupComesAndGoes(() => open(visit, place, byImage(visit, "images2")));
    await shown(visit, before);
    assert.deepEqual(await steps(visit), opened("kiosk"));
    await visit.screenshot("1-open");

    const cookies = await visit.copyOfCookies();
    visit.site.revokeDevice(id);
    await visit.until("the revoked device's tiles refused", async () => (await visit.tileStatus(cookies)) === 401);
    const after = visit.mark();
    const window = await visit.popup(() => visit.page.reload());
    await window.getByText("Not from here").waitFor();
    await window.close();
    await reaches(visit, "denied");
    await visit.nothingArrives(after, MIDDLE);
    assert.equal((await steps(visit))[1], "probe with token 401", "the token that the page still has opens nothing");
    await visit.screenshot("2-revoked");
}

/** A2-10, 11, 20: no window, and the token at once. A stranger gets none. */
async function external(visit, place) {
    await open(visit, place, byImage(visit, "images2"));
    await reaches(visit, "denied");
    await visit.nothingArrives(START, MIDDLE);
    assert.deepEqual(await steps(visit), ["probe 401", "access external", "token error missingAspect", "denied"]);
    await visit.logInByLink("ada");
    const before = visit.mark();
    await visit.page.reload();
    await shown(visit, before);
    assert.deepEqual(await steps(visit), [
        ...["probe 401", "access external", "token", "probe with token 200", "shown resource"],
    ]);
    assert.equal(visit.browser.pages().length, 1, "no window was opened");
}

/** A2-18: the room first, by itself; then terms and login side by side, and either opens. */
async function several(visit, place, choice) {
    const room = await visit.popup(() => open(visit, place, byImage(visit, "images2")));
    assert.equal(new URL(room.url()).pathname, "/auth/v2/access/room");
    await room.getByText("Not from here").waitFor();
    await room.close();
    await offered(visit);
    const labels = await visit.page.locator("#offers .label").allTextContents();
    assert.deepEqual(labels, ["Terms of the demo archive", "Staff of the demo archive"]);
    await visit.screenshot("1-offered");
    const window = await choose(visit, choice);
    const before = visit.mark();
    await (choice === "I agree" ? visit.agree(window) : visit.logIn(window));
    await shown(visit, before);
    assert.deepEqual(await steps(visit), [
        ...["probe 401", "access kiosk", "window closed", "token error missingAspect"],
        ...["access active", "window closed", "token", "probe with token 200", "shown resource"],
    ]);
}

/** The same on a computer of the room: its window is enough, and nothing is offered. */
async function severalInRoom(visit) {
    await visit.enrol("room");
    const before = visit.mark();
    await visit.popupComesAndGoes(() => open(visit, "other-site", byImage(visit, "images2")));
    await shown(visit, before);
    assert.deepEqual(await steps(visit), opened("kiosk"));
}

/** A2-46 to 49, 53 to 55: the small image is there from the beginning, the large one after the login. */
async function substitute(visit, place, mount) {
    await open(visit, place, byImage(visit, mount));
    await reaches(visit, "offered");
    await visit.tilesArrive(START, MIDDLE);
    assert.deepEqual(await steps(visit), ["probe 401", "shown substitute"]);
    const small = /\/substitute-\d+~tiered%2Fletter\.tif\//;
    for (const url of visit.images) assert.match(url, small, "nothing but the substitute is given");
    assert.match(await visit.page.locator("#offers .note").textContent(), /more than the small image/);
    await visit.screenshot("1-substitute");

    const window = await visit.popup(() => visit.page.locator("#offers .confirm").click());
    const before = visit.mark();
    await visit.logIn(window);
    await visit.until("the image itself", async () => (await steps(visit)).at(-1) === "shown resource");
    await visit.tilesArrive(before, MIDDLE);
    for (const url of visit.images.slice(before.images)) assert.doesNotMatch(url, small, "the image itself is given");
    await visit.screenshot("2-open");
    assert.deepEqual(visit.answered(403), [], "the client asks for nothing that is not advertised");
}

export const cases = [
    ...["same-site", "other-site"].flatMap((place) => [
        {
            name: `reference/2.0/${place}/clickthrough`,
            identifier: "terms/letter.tif",
            run: (visit) => clickthrough(visit, place),
        },
        {
            name: `reference/2.0/${place}/kiosk-device`,
            identifier: "room/letter.tif",
            run: (visit) => device(visit, place),
        },
        {
            name: `reference/2.0/${place}/external-by-account`,
            identifier: "campus/letter.tif",
            run: (visit) => external(visit, place),
        },
    ]),
    {
        name: "reference/2.0/other-site/clickthrough-keeps-login",
        identifier: "terms/letter.tif",
        run: clickthroughKeepsLogin,
    },
    {
        name: "reference/2.0/same-site/several-ways-terms",
        identifier: "several/letter.tif",
        run: (visit) => several(visit, "same-site", "I agree"),
    },
    {
        name: "reference/2.0/other-site/several-ways-login",
        identifier: "several/letter.tif",
        run: (visit) => several(visit, "other-site", "Log in"),
    },
    { name: "reference/2.0/other-site/several-ways-room", identifier: "several/letter.tif", run: severalInRoom },
    {
        name: "reference/2.0/other-site/substitute",
        identifier: "tiered/letter.tif",
        run: (visit) => substitute(visit, "other-site", "images2"),
    },
    {
        name: "reference/both-versions/same-site/substitute",
        identifier: "tiered/letter.tif",
        run: (visit) => substitute(visit, "same-site", "images"),
    },
];
