// react-iiif-vault: the Authorization Flow 2.0, and of 1.0 nothing.

import assert from "node:assert/strict";

import { pageManifest, press, START } from "../visit.mjs";

const open = (visit, place, mount) =>
    visit.open(place, "/viewers/vault.html", { manifest: pageManifest(visit, mount, 3) });
const button = (visit, name) => visit.page.getByRole("button", { name, exact: true });

async function locked(visit, since = START) {
    await button(visit, "Log in").waitFor();
    await visit.settle();
    await visit.nothingArrives(since);
}

const askToLogIn = (visit) => visit.popup(() => button(visit, "Log in").click());

/** A2-04, 07 to 16, 19, 23 to 34, 42 to 45, 58 to 63 */
async function cycle(visit, place, mount = "images2") {
    await open(visit, place, mount);
    await locked(visit);
    await visit.screenshot("1-locked");

    const window = await askToLogIn(visit);
    assert.equal(new URL(window.url()).pathname, "/auth/v2/access/staff");
    const before = visit.mark();
    await visit.logIn(window);
    await button(visit, "Log out").waitFor();
    await visit.tilesArrive(before);
    await visit.screenshot("2-open");

    const cookies = await visit.copyOfCookies();
    await visit.popupComesAndGoes(() => button(visit, "Log out").click());
    await visit.isOver(cookies);
    const after = visit.mark();
    await visit.page.reload();
    await locked(visit, after);
    await visit.screenshot("3-logged-out");
}

/** The account is good, and may not see the image: the probe's words are shown (A2-53 to 55). */
async function accountWithoutCondition(visit) {
    await open(visit, "other-site", "images2");
    await locked(visit);
    const window = await askToLogIn(visit);
    await visit.fillLogin(window, "bob");
    await window.getByText("This account does not have").waitFor();
    await Promise.all([window.waitForEvent("close"), press(window, "Close this window")]);
    await button(visit, "Log out").waitFor();
    await visit.page.getByText("this account may not see it").first().waitFor();
    await visit.settle();
    await visit.nothingArrives();
    await visit.screenshot("refused");
}

/** Terms are an active service as well: the viewer's button opens our page with the terms. */
async function clickthrough(visit, place) {
    await open(visit, place, "images2");
    await locked(visit);
    const window = await askToLogIn(visit);
    assert.equal(new URL(window.url()).pathname, "/auth/v2/access/terms");
    await window.getByText("Do not publish them").waitFor();
    const before = visit.mark();
    await visit.agree(window);
    await button(visit, "Log out").waitFor();
    await visit.tilesArrive(before);
    await visit.screenshot("open");
    const cookies = await visit.copyOfCookies();
    await visit.popupComesAndGoes(() => button(visit, "Log out").click());
    await visit.isOver(cookies);
    const after = visit.mark();
    await visit.page.reload();
    await locked(visit, after);
}

/** Third-party cookies blocked: the token service has no cookie, and its error is not a token. */
async function blocked(visit) {
    await open(visit, "other-site", "images2");
    await locked(visit);
    await visit.logIn(await askToLogIn(visit));
    await visit.until("the token service asked", () => visit.asked("/auth/v2/token"));
    await visit.settle(3000);
    await visit.nothingArrives();
    assert.equal(await visit.tileStatus(await visit.cookies()), 200, "the login itself is good");
    await visit.screenshot("locked");
}

export const cases = [
    ...["same-site", "other-site"].map((place) => ({ name: `vault/2.0/${place}`, run: (visit) => cycle(visit, place) })),
    {
        name: "vault/2.0/same-site/cookies-blocked",
        blockThirdPartyCookies: true,
        run: (visit) => cycle(visit, "same-site"),
    },
    {
        name: "vault/2.0/other-site/cookies-separated-stays-locked",
        only: "firefox", separateThirdPartyCookies: true,
        run: blocked,
    },
    {
        name: "vault/2.0/same-site/cookies-separated",
        only: "firefox", separateThirdPartyCookies: true,
        run: (visit) => cycle(visit, "same-site"),
    },
    { name: "vault/2.0/other-site/cookies-blocked-stays-locked", blockThirdPartyCookies: true, run: blocked },
    { name: "vault/2.0/other-site/account-without-condition", run: accountWithoutCondition },
    ...["same-site", "other-site"].map((place) => ({
        name: `vault/2.0/${place}/clickthrough`,
        identifier: "terms/letter.tif",
        run: (visit) => clickthrough(visit, place),
    })),
    // It reads the document of a 401, too.
    { name: "vault/both-versions/other-site", run: (visit) => cycle(visit, "other-site", "images") },
];
