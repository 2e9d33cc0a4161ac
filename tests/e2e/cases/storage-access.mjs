// Third-party cookies blocked, and a viewer on another site: what the browser's settings and the token page's
// requestStorageAccess make of it.

import assert from "node:assert/strict";

import { confirm, MIDDLE, offered, open, reaches, steps } from "../reference.mjs";
import { LETTER, START } from "../visit.mjs";

const ALLOWED = { setting: 1 };
const tokens = (visit) => visit.answers().filter(({ path }) => path.startsWith("/auth/v2/token?"));

async function logsIn(visit) {
    await open(visit, "other-site", { image: visit.site.image("images2", LETTER) });
    await offered(visit);
    const before = visit.mark();
    await visit.logIn(await confirm(visit));
    return before;
}

/** The person has just used the window, and the frame is refused all the same: it has had no click of its own. */
async function refused(visit) {
    await logsIn(visit);
    await reaches(visit, "denied");
    assert.equal(tokens(visit).length, 1, "the page does not come again");
    assert((await steps(visit)).includes("token error missingAspect"));
    await visit.nothingArrives(START, MIDDLE);
}

/**
 * Where the person has allowed the images' site this on the viewer's site before, the frame gets its cookie at the second
 * time, and the token comes. The tiles are no frame's, and have no cookie.
 */
async function tokenWithoutTiles(visit) {
    await logsIn(visit);
    await reaches(visit, "broken");
    assert.deepEqual(tokens(visit).map(({ cookie }) => cookie), [false, true], "asked for again with the cookie");
    assert.deepEqual((await steps(visit)).slice(-3), ["token", "probe with token 200", "broken resource"]);
    await visit.nothingArrives(START, MIDDLE);
    assert.deepEqual(visit.answered(401).map(({ cookie }) => cookie), [false], "the image is asked for without a cookie");
    await visit.screenshot("token-without-tiles");
}

/** An exception in the browser's settings, for either of the two sites, is what helps. */
async function excepted(visit) {
    const before = await logsIn(visit);
    await reaches(visit, "shown");
    await visit.tilesArrive(before, MIDDLE);
    await visit.screenshot("open");
}

const one = (name, run, exceptions) => ({
    ...{ name: `reference/cookies-blocked/other-site/${name}`, run, exceptions },
    blockThirdPartyCookies: true,
    // As Chromium's settings have it.
    ...(exceptions ? { only: "chromium" } : {}),
});

export const cases = [
    one("storage-access-refused", refused),
    one("storage-access-allowed", tokenWithoutTiles, {
        storage_access: { "https://[*.]images.test,https://[*.]viewer.test": ALLOWED },
    }),
    one("images-excepted", excepted, { cookies: { "https://[*.]images.test,*": ALLOWED } }),
    one("viewer-excepted", excepted, { cookies: { "*,https://[*.]viewer.test": ALLOWED } }),
];
