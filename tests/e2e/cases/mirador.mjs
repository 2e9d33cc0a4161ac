// Mirador 3 and 4: IIIF Authentication 1.0, and of version 2.0 nothing.

import assert from "node:assert/strict";

import { askToLogIn, bar, locked, logOutButton, open, zoom } from "../mirador.mjs";
import { pageManifest } from "../visit.mjs";

/** A1-13, 15, 19, 25 to 28, 34 to 40: the whole flow of pattern login. */
async function cycle(visit, version, place, manifest) {
    await open(visit, version, place, manifest);
    await locked(visit);
    await visit.screenshot("1-locked");

    const window = await askToLogIn(visit);
    const before = visit.mark();
    await visit.logIn(window);
    const logOut = logOutButton(visit);
    await logOut.waitFor();
    if (version === 4) await zoom(visit);
    await visit.tilesArrive(before);
    await visit.screenshot("2-open");

    const cookies = await visit.copyOfCookies();
    await visit.popupComesAndGoes(() => logOut.click());
    await bar(visit).waitFor();
    await visit.isOver(cookies);
    const after = visit.mark();
    await visit.page.reload();
    await locked(visit, after);
    await visit.screenshot("3-logged-out");
}

/** After the login nothing comes by itself. When this fails, Mirador 4 has learnt it: take `zoom` out of the cycle. */
async function emptyUntilZoomed(visit) {
    await open(visit, 4, "same-site", pageManifest(visit, "images", 2));
    await locked(visit);
    const window = await askToLogIn(visit);
    const before = visit.mark();
    await visit.logIn(window);
    await logOutButton(visit).waitFor();
    await visit.settle(4000);
    await visit.nothingArrives(before);
    await zoom(visit);
    await visit.tilesArrive(before);
}

/** A1-39: the login is right, and its account may not see the image: Mirador offers to log out, and shows nothing. */
async function accountWithoutCondition(visit, version) {
    await open(visit, version, "same-site", pageManifest(visit, "images", 2));
    await locked(visit);
    await visit.logIn(await askToLogIn(visit), "bob");
    await logOutButton(visit).waitFor();
    await visit.settle();
    await visit.nothingArrives();
    await visit.screenshot("refused");
}

/** The popup's login works, yet neither the token's frame nor the tiles have its cookie. */
async function blocked(visit, version) {
    await open(visit, version, "other-site", pageManifest(visit, "images", 2));
    await locked(visit);
    await visit.logIn(await askToLogIn(visit));
    await visit.until("the token service asked", () => visit.asked("/auth/iiif-token"));
    await visit.settle(3000);
    if (version === 4) await zoom(visit);
    await visit.nothingArrives();
    assert.equal(await visit.tileStatus(await visit.cookies()), 200, "the login itself is good");
    await visit.screenshot("locked");
}

/**
 * A mount of 2.0 alone gives info.json to everybody. Mirador sees no 401 and knows no probe, so it offers no login;
 * to somebody who is logged in already it shows the image.
 */
async function knowsNo2(visit, version, place) {
    await open(visit, version, place, pageManifest(visit, "images2", 2));
    await visit.until("info.json given", () => visit.asked("/info.json", 200));
    await visit.until("a tile refused", () => visit.answered(401).length > 0);
    await visit.settle();
    await visit.nothingArrives();
    assert.equal(await bar(visit).count(), 0, "no login is offered");
    assert(!visit.asked("/auth/v2/probe/"), "the probe is not asked");
    await visit.screenshot("1-no-login");

    await visit.logInByLink("ada");
    const before = visit.mark();
    await visit.page.reload();
    await visit.tilesArrive(before);
    await visit.screenshot("2-open");
}

export const cases = [3, 4].flatMap((version) => {
    const name = (rest) => `mirador${version}/${rest}`;
    const whole = (place, manifest) => (visit) => cycle(visit, version, place, pageManifest(visit, "images", manifest));
    const foreign = (visit) => cycle(visit, version, "other-site", visit.site.foreignManifest(visit.identifier, 3));
    return [
        { name: name("1.0/same-site"), run: whole("same-site", 2) },
        { name: name("1.0/other-site"), run: whole("other-site", 3) },
        // A manifest without services, from a server that knows nothing of Tilegate: info.json is enough.
        { name: name("1.0/other-site/foreign-manifest"), run: foreign },
        { name: name("1.0/same-site/cookies-blocked"), blockThirdPartyCookies: true, run: whole("same-site", 2) },
        {
            name: name("1.0/other-site/cookies-separated-stays-locked"),
            only: "firefox", separateThirdPartyCookies: true,
            run: (visit) => blocked(visit, version),
        },
        { name: name("1.0/same-site/cookies-separated"), only: "firefox", separateThirdPartyCookies: true, run: whole("same-site", 2) },
        {
            name: name("1.0/other-site/cookies-blocked-stays-locked"),
            blockThirdPartyCookies: true,
            run: (visit) => blocked(visit, version),
        },
        {
            name: name("1.0/same-site/account-without-condition"),
            run: (visit) => accountWithoutCondition(visit, version),
        },
        ...(version === 4 ? [{ name: name("1.0/same-site/empty-until-zoomed"), run: emptyUntilZoomed }] : []),
        ...["same-site", "other-site"].map((place) => ({
            name: name(`2.0/${place}/no-login-offered`),
            run: (visit) => knowsNo2(visit, version, place),
        })),
    ];
});
