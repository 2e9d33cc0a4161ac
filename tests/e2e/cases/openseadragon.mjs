// OpenSeadragon alone: it knows no authentication, and shows what the browser's cookies open.

import { LETTER } from "../visit.mjs";

const open = (visit, place, mount) =>
    visit.open(place, "/viewers/openseadragon.html", { image: visit.site.image(mount, LETTER) });
const reaches = (visit, state) =>
    visit.until(`the state ${state}`, () => visit.page.evaluate((wanted) => document.body.dataset.state === wanted, state));

/**
 * info.json with status 401 is an error and nothing more. A login by a link helps only where the browser sends the
 * cookie with info.json, too: on the images' own origin.
 */
async function fails(visit, place) {
    await open(visit, place, "images");
    await reaches(visit, "failed");
    await visit.nothingArrives();
    await visit.screenshot("1-failed");
    await visit.logInByLink("ada");
    const before = visit.mark();
    await visit.page.reload();
    if (place === "same-origin") {
        await visit.tilesArrive(before);
        await logsOut(visit, "failed");
    } else {
        await reaches(visit, "failed");
        await visit.nothingArrives(before);
    }
}

async function logsOut(visit, state) {
    const cookies = await visit.copyOfCookies();
    await visit.logOutByLink();
    await visit.isOver(cookies);
    const after = visit.mark();
    await visit.page.reload();
    await reaches(visit, state);
    await visit.settle();
    await visit.nothingArrives(after);
}

/** A mount of 2.0 gives info.json to everybody: after a login by a link the tiles come. */
async function tilesAfterLogin(visit, place) {
    await open(visit, place, "images2");
    await reaches(visit, "open");
    await visit.until("a tile refused", () => visit.answered(401).length > 0);
    await visit.settle();
    await visit.nothingArrives();
    await visit.screenshot("1-locked");
    await visit.logInByLink("ada");
    const before = visit.mark();
    await visit.page.reload();
    await visit.tilesArrive(before);
    await visit.screenshot("2-open");
    await logsOut(visit, "open");
}

/** With third-party cookies blocked the login is good for the same site, and for no other. */
async function blocked(visit) {
    await open(visit, "other-site", "images2");
    await visit.logInByLink("ada");
    await visit.page.reload();
    await reaches(visit, "open");
    await visit.until("a tile refused", () => visit.answered(401).length > 0);
    await visit.settle();
    await visit.nothingArrives();
}

export const cases = [
    { name: "openseadragon/1.0/same-origin/after-login-by-link", run: (visit) => fails(visit, "same-origin") },
    ...["same-site", "other-site"].map((place) => ({
        name: `openseadragon/1.0/${place}/open-fails`,
        run: (visit) => fails(visit, place),
    })),
    ...["same-site", "other-site"].map((place) => ({
        name: `openseadragon/2.0/${place}/after-login-by-link`,
        run: (visit) => tilesAfterLogin(visit, place),
    })),
    {
        name: "openseadragon/2.0/same-site/cookies-blocked",
        blockThirdPartyCookies: true,
        run: (visit) => tilesAfterLogin(visit, "same-site"),
    },
    {
        name: "openseadragon/2.0/other-site/cookies-separated-stays-locked",
        only: "firefox", separateThirdPartyCookies: true,
        run: blocked,
    },
    {
        name: "openseadragon/2.0/same-site/cookies-separated",
        only: "firefox", separateThirdPartyCookies: true,
        run: (visit) => tilesAfterLogin(visit, "same-site"),
    },
    { name: "openseadragon/2.0/other-site/cookies-blocked-stays-locked", blockThirdPartyCookies: true, run: blocked },
];
