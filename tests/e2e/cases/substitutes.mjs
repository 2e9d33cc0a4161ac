// A smaller image for everybody, in viewers of IIIF Authentication 1.0 (section 2.4, tiered access): a mount of
// `iiif_auth=1` sends info.json there by 302. And in OpenSeadragon, which knows neither.

import assert from "node:assert/strict";

import * as mirador from "../mirador.mjs";
import { pageManifest } from "../visit.mjs";

const SMALL = "substitute-4~tiered%2Fletter.tif";
const isSmall = (url) => url.includes(`/${SMALL}/`);

/** The substitute is on the screen, and nothing else was given or even refused. */
async function smallArrives(visit) {
    await visit.until("the way to the substitute", () => visit.asked("/iiif/images1/tiered%2Fletter.tif/info.json", 302));
    await visit.until("info.json of the substitute", () => visit.asked(`/iiif/images1/${SMALL}/info.json`, 200));
    await visit.tilesArrive();
    await visit.settle();
    assert(visit.images.every(isSmall), "nothing but the substitute is given");
    assert.deepEqual(visit.answered(403), [], "nothing is asked for that is not advertised");
}

async function largeArrives(visit, before) {
    await visit.until("a tile of the image itself", () => visit.images.slice(before.images).some((one) => !isSmall(one)));
    await visit.until("a picture on the screen", () => visit.picture());
}

/**
 * Mirador shows the small image with the login above it, and the large one afterwards. Mirador 4.0.0 keeps the tile
 * source that it has made of the substitute until the canvas is put up anew, for example by another view and back.
 * When this fails at "by itself", it has learnt it.
 */
async function inMirador(visit, version, place) {
    await mirador.open(visit, version, place, pageManifest(visit, "images1", 2));
    await mirador.bar(visit).waitFor();
    await smallArrives(visit);
    await visit.screenshot("1-substitute");
    const window = await mirador.askToLogIn(visit);
    const before = visit.mark();
    await visit.logIn(window);
    await mirador.logOutButton(visit).waitFor();
    await visit.until("info.json of the image itself", () => visit.asked("/iiif/images1/tiered%2Fletter.tif/info.json", 200));
    if (version === 4) {
        await mirador.zoom(visit);
        await visit.settle();
        assert(visit.images.every(isSmall), "Mirador 4 does not go on to the large image by itself");
        await visit.screenshot("2-still-small");
        await mirador.view(visit, "Gallery");
        await mirador.view(visit, "Single");
    }
    await largeArrives(visit, before);
    await visit.screenshot("3-open");
}

/** Universal Viewer, on the images' own host: the small image with a bar above it, which opens the login. */
async function inUniversalViewer(visit) {
    await visit.open("same-origin", "/viewers/uv.html", { manifest: pageManifest(visit, "images1", 2) });
    await smallArrives(visit);
    await visit.screenshot("1-substitute");
    const window = await visit.popup(() => visit.page.getByText("Log in", { exact: true }).click());
    const before = visit.mark();
    await visit.logIn(window);
    await largeArrives(visit, before);
    await visit.screenshot("2-open");
}

/** Any page may show a substitute: OpenSeadragon draws its tiles, all of which are given. */
async function inOpenSeadragon(visit) {
    const image = `${visit.site.origin}/iiif/images2/${SMALL}`;
    await visit.open("other-site", "/viewers/openseadragon.html", { image });
    await visit.tilesArrive();
    await visit.page.mouse.move(550, 400);
    for (let turn = 0; turn < 6; turn += 1) await visit.page.mouse.wheel(0, -300);
    await visit.settle();
    assert(visit.images.length > 3, "a pyramid of tiles");
    const statuses = new Set(visit.answers().filter(({ path }) => path.includes(SMALL)).map(({ status }) => status));
    assert.deepEqual([...statuses], [200], "everything that it asks for is given");
    await visit.screenshot("open");
}

const identifier = "tiered/letter.tif";

export const cases = [
    ...[3, 4].flatMap((version) =>
        ["same-site", "other-site"].map((place) => ({
            name: `mirador${version}/1.0/${place}/substitute`,
            identifier,
            run: (visit) => inMirador(visit, version, place),
        })),
    ),
    { name: "uv/1.0/same-origin/substitute", identifier, run: inUniversalViewer },
    { name: "openseadragon/any/other-site/substitute", identifier, run: inOpenSeadragon },
];
