// The site whose reading room and campus have addresses, and everybody here comes from one. Viewers on the images' site
// and on one other may have tokens (TILEGATE_VIEWER_ORIGINS), those on `unlisted.test` may not.

import assert from "node:assert/strict";

import * as mirador from "../mirador.mjs";
import * as reference from "../reference.mjs";
import { pageManifest, START } from "../visit.mjs";

/** info.json is given at once, so Mirador needs no window, no token and no cookie. */
async function inMirador(visit, version, place) {
    await mirador.open(visit, version, place, pageManifest(visit, "images", 2));
    await visit.tilesArrive();
    assert(visit.asked("/info.json", 200), "info.json is given");
    assert(!visit.asked("/info.json", 401), "info.json is given at once");
    assert(!visit.asked("/auth/"), "no service is asked");
    assert.equal(visit.browser.pages().length, 1, "no window was opened");
    assert.equal(await tileForScript(visit), 200);
    await visit.screenshot("open");
}

/** What a script of the viewer's page gets of the tile that came last. */
const tileForScript = (visit) =>
    visit.page.evaluate((url) => fetch(url).then(({ status }) => status, () => "kept back"), visit.images.at(-1));

/**
 * T10: a viewer that is not listed gets no token, and info.json stays 401. The picture is on the screen all the same,
 * since that document is whole and the address opens the tiles; no script can read what is in them.
 */
async function roomUnlisted(visit, version) {
    const manifest = pageManifest(visit, "images", 2);
    await visit.popupComesAndGoes(() => mirador.open(visit, version, "unlisted-site", manifest));
    await visit.until("the token service asked", () => visit.asked("/auth/iiif-token"));
    await visit.tilesArrive();
    await visit.settle();
    assert(!visit.asked("/info.json", 200), "info.json stays 401");
    assert.equal(await tileForScript(visit), "kept back");
    await visit.screenshot("unlisted");
}

/** The probe says 200 at once, to viewers anywhere: whether an image loads a page can see by itself. */
async function inReference(visit, place) {
    await reference.open(visit, place, { image: visit.site.image("images2", visit.identifier) });
    await reference.reaches(visit, "shown");
    assert.deepEqual(await reference.steps(visit), ["probe 200", "shown resource"]);
    await visit.tilesArrive(START, reference.MIDDLE);
    assert.equal(visit.browser.pages().length, 1, "no window was opened");
    await visit.screenshot("open");
}

const room = "room/letter.tif";
const campus = "campus/letter.tif";
const listed = ["same-site", "other-site"];
const one = (name, identifier, run, wishes = {}) => ({ name, identifier, run, site: "network", ...wishes });

export const cases = [
    ...[3, 4].flatMap((version) => {
        const name = (rest) => `mirador${version}/1.0/${rest}`;
        const blockThirdPartyCookies = true;
        return [
            ...listed.flatMap((place) => [
                one(name(`${place}/kiosk-network`), room, (visit) => inMirador(visit, version, place)),
                one(name(`${place}/external-network`), campus, (visit) => inMirador(visit, version, place)),
            ]),
            one(name("other-site/kiosk-network/cookies-blocked"), room, (visit) => inMirador(visit, version, "other-site"), {
                blockThirdPartyCookies,
            }),
            one(name("unlisted-site/kiosk-network"), room, (visit) => roomUnlisted(visit, version)),
        ];
    }),
    ...[...listed, "unlisted-site"].map((place) =>
        one(`reference/2.0/${place}/kiosk-network`, room, (visit) => inReference(visit, place)),
    ),
    one("reference/2.0/other-site/external-network", campus, (visit) => inReference(visit, "other-site")),
    one("reference/2.0/other-site/kiosk-network/cookies-blocked", room, (visit) => inReference(visit, "other-site"), {
        blockThirdPartyCookies: true,
    }),
];
