// Neuroglancer as its package has it: on the data's own origin with the cookie, and on another site by its `middleauth`.

import assert from "node:assert/strict";

import { press } from "../visit.mjs";

const PAGE = "/built/neuroglancer/index.html";
const LOGIN = "Request login.";
/** Colours from blue to red, so that a volume cannot be taken for a message on grey. */
const SHADER = "void main() { emitRGB(colormapJet(toNormalized(getDataValue()))); }";
const VOLUMES = {
    zarr: { format: "zarr", path: "protected/ball.zarr" },
    precomputed: { format: "precomputed", path: "protected/ball.precomputed" },
    sharded: { format: "precomputed", path: "protected/ball.sharded" },
};
/** The ball has 60 and more; a closed volume is black, with lines and letters. */
const MANY = 50;
/** Of the page: where the volumes are, whole, and in its left and its right half. */
const WHOLE = { x: 300, y: 200, width: 500, height: 450 };
const HALVES = [{ x: 120, y: 200, width: 300, height: 450 }, { x: 680, y: 200, width: 300, height: 450 }];

const https = ({ site }) => site.origin;
const middleauth = ({ site }) => `middleauth+${site.origin}`;

/** The state that is behind the `#!` of an address: what a colleague is sent. */
function stateOf(visit, through, names) {
    const micrometre = [1e-6, "m"];
    const layers = names.map((name) => ({
        ...{ type: "image", name, shader: SHADER, visible: true },
        source: `${VOLUMES[name].format}://${through(visit)}/files/${VOLUMES[name].path}`,
    }));
    const pane = (layers) => ({ type: "viewer", layers, layout: "xy" });
    return {
        ...{ dimensions: { x: micrometre, y: micrometre, z: micrometre }, position: [64, 64, 32], crossSectionScale: 0.25 },
        ...{ layers, showAxisLines: false, showScaleBar: false, selectedLayer: { visible: false } },
        layout: names.length === 1 ? "xy" : { type: "row", children: names.map((name) => pane([name])) },
    };
}

/** Opens a link with a state in it, in a page that has nothing else open. */
async function follow(visit, place, state) {
    const hash = `#!${encodeURIComponent(JSON.stringify(state))}`;
    const url = `${visit.site.viewerOrigin(place)}${PAGE}${hash}`;
    await visit.page.goto("about:blank");
    await visit.page.goto(url, { waitUntil: "load" });
}

const chunks = (visit, status) => {
    return visit.answers().filter((one) => {
        return one.method === "GET" && one.path.startsWith("/files/protected/ball") && one.status === status;
    });
};

async function shows(visit, regions = [WHOLE]) {
    for (const region of regions) {
        await visit.until("a volume on the screen", async () => (await visit.colours(region)) >= MANY, 30_000);
    }
}

async function showsNothing(visit, regions = [WHOLE]) {
    for (const region of regions) {
        const seen = await visit.colours(region);
        assert(seen < MANY / 2, `nothing is shown, and there are ${seen} colours`);
    }
}

/** No byte of a volume came since a mark, and none is seen. */
async function staysClosed(visit, since, regions) {
    await visit.settle();
    const given = visit.answers().slice(since.answers).filter(({ method, path, status }) => {
        return method === "GET" && path.startsWith("/files/") && (status === 200 || status === 206);
    });
    assert.deepEqual(given, []);
    await showsNothing(visit, regions);
}

/** Presses the client's button, which opens our window. */
async function requestLogin(visit) {
    const button = visit.page.getByRole("button", { name: LOGIN });
    await button.waitFor({ timeout: 30_000 });
    return visit.popup(() => button.click());
}

/** Reads the question and says yes; the client closes the window. */
async function consent(visit, window, who) {
    await window.getByRole("heading", { name: "Allow Neuroglancer?" }).waitFor();
    const text = await window.locator("#question").innerText();
    assert(text.includes(visit.site.viewerOrigin("other-site")) && text.includes(who), text);
    await visit.screenshotOf(window, "consent");
    await Promise.all([window.waitForEvent("close"), press(window, "Allow")]);
}

async function logInAndConsent(visit, name) {
    const window = await requestLogin(visit);
    await visit.fillLogin(window, name);
    await consent(visit, window, name);
}

/** Every read carries the token, none a cookie; and whoever has no token is told so in a way that the client can read. */
function readByTokenAlone(visit) {
    const reads = visit.answers().filter(({ method, path }) => method === "GET" && path.startsWith("/files/"));
    assert(reads.length > 0 && reads.every(({ cookie }) => !cookie), "no cookie crosses sites");
}

// -- on the data's own origin --------------------------------------------------------------------

async function sameOrigin(visit, volume) {
    const state = stateOf(visit, https, [volume]);
    await follow(visit, "same-origin", state);
    await visit.until("a refusal", () => chunks(visit, 401).length > 0);
    await staysClosed(visit, { answers: 0 });
    await visit.screenshot("1-locked");
    await visit.logInByLink("ada");
    await follow(visit, "same-origin", state);
    await shows(visit);
    await visit.screenshot("2-open");
    const [one] = chunks(visit, volume === "sharded" ? 206 : 200);
    assert(one.cookie, "it comes by the cookie");
    await visit.logOutByLink();
    const after = visit.mark();
    await follow(visit, "same-origin", state);
    await staysClosed(visit, after);
}

/** A share link opens the one volume, for somebody without an account. */
async function redeemed(visit) {
    const { id, secret } = visit.site.newPass("files", VOLUMES.zarr.path);
    const both = stateOf(visit, https, ["zarr", "precomputed"]);
    await visit.page.goto(`${visit.site.origin}/auth/share/${secret}`);
    await press(visit.page, "Open");
    await visit.page.getByText("You can see it now").waitFor();
    await follow(visit, "same-origin", both);
    await shows(visit, HALVES.slice(0, 1));
    await showsNothing(visit, HALVES.slice(1));
    await visit.screenshot("1-one-of-two");
    visit.site.revokePass(id);
    await visit.settle(1500);
    const after = visit.mark();
    await follow(visit, "same-origin", both);
    await staysClosed(visit, after, HALVES);
    await visit.screenshot("2-revoked");
}

// -- on another site -----------------------------------------------------------------------------

async function otherSite(visit, volume) {
    const state = stateOf(visit, middleauth, [volume]);
    await follow(visit, "other-site", state);
    await logInAndConsent(visit, "ada");
    await shows(visit);
    await visit.screenshot("1-open");
    readByTokenAlone(visit);
    // The client has kept the token, and asks for nothing.
    await follow(visit, "other-site", state);
    await shows(visit);

    // Ended alone, where the person sees it.
    const account = await visit.browser.newPage();
    await account.goto(`${visit.site.origin}/auth/`);
    const listed = account.locator("li", { hasText: `Neuroglancer at ${visit.site.viewerOrigin("other-site")}` });
    await visit.screenshotOf(account, "2-account");
    // Other cases have left some, too.
    for (let left = await listed.count(); left > 0; left -= 1) {
        await listed.first().getByRole("button").click();
        await visit.until("one less in the list", async () => (await listed.count()) === left - 1);
    }
    await account.close();
    await visit.settle(1500);
    const after = visit.mark();
    await follow(visit, "other-site", state);
    await visit.page.getByRole("button", { name: LOGIN }).waitFor();
    await staysClosed(visit, after);
    await visit.screenshot("3-ended");
    // The person is logged in still, and is asked again.
    await consent(visit, await requestLogin(visit), "ada");
    await shows(visit);

    const again = visit.mark();
    await visit.logOutByLink();
    await visit.settle(1500);
    await follow(visit, "other-site", state);
    await visit.page.getByRole("button", { name: LOGIN }).waitFor();
    await staysClosed(visit, { answers: again.answers });
}

/** A guest has nothing but a share link, and gives that. */
async function guest(visit) {
    const { id, secret } = visit.site.newPass("files", VOLUMES.zarr.path);
    const state = stateOf(visit, middleauth, ["zarr"]);
    const window = await visit.browser.newPage();
    await window.goto(`${visit.site.origin}/auth/share/${secret}`);
    await press(window, "Open");
    await window.getByText("You can see it now").waitFor();
    await window.close();
    await follow(visit, "other-site", state);
    await consent(visit, await requestLogin(visit), "one share link");
    await shows(visit);
    await visit.screenshot("1-open");
    readByTokenAlone(visit);
    visit.site.revokePass(id);
    await visit.settle(1500);
    const after = visit.mark();
    await follow(visit, "other-site", state);
    await visit.page.getByRole("button", { name: LOGIN }).waitFor();
    await staysClosed(visit, after);
    await visit.screenshot("2-revoked");
}

/** A site that is not listed gets a page, and no message. */
async function unlisted(visit) {
    await follow(visit, "unlisted-site", stateOf(visit, middleauth, ["zarr"]));
    const window = await requestLogin(visit);
    await window.getByRole("heading", { name: "Not from there" }).waitFor();
    assert((await window.locator("main").innerText()).includes(visit.site.viewerOrigin("unlisted-site")));
    await visit.screenshotOf(window, "1-refused");
    await visit.logInByLink("ada");
    await staysClosed(visit, { answers: 0 });
    assert.equal(await window.locator("script").count(), 0);
    await window.close();
}

/** Opened by nobody, the question gives nothing: there is no one to give it to. */
async function noOpener(visit) {
    await visit.logInByLink("ada");
    // A link on that site, followed in the same window.
    await visit.page.goto(`${visit.site.viewerOrigin("other-site")}/biigle`);
    await visit.page.evaluate((to) => location.assign(to), `${visit.site.origin}/auth/middleauth/api/v1/authorize`);
    await visit.page.getByText("No Neuroglancer waits for an answer: this page").waitFor();
    assert.equal(await visit.page.getByRole("button", { name: "Allow", exact: true }).count(), 0);
    await visit.screenshot("1-nobody");
}

/** Several layers in one address, which somebody else opens. */
async function shared(visit, place, through, names) {
    const state = stateOf(visit, through, names);
    const isOther = place === "other-site";
    if (!isOther) await visit.logInByLink("ada");
    await follow(visit, place, state);
    if (isOther) await logInAndConsent(visit, "ada");
    await shows(visit, HALVES);
    const link = visit.page.url();
    await visit.screenshot("1-mine");
    await visit.another(async (colleague) => {
        if (!isOther) await colleague.logInByLink("cleo");
        await colleague.page.goto(link);
        if (isOther) await logInAndConsent(colleague, "cleo");
        await shows(colleague, HALVES);
        await colleague.screenshot("2-my-colleague");
        assert.deepEqual(new Set(chunks(colleague, 200).map(({ path }) => path.split("/")[3])), new Set(names.map((name) => `ball.${name}`)));
    });
}

// -- how many requests ---------------------------------------------------------------------------

const count = (visit, method) => {
    return visit.answers().filter((one) => one.method === method && one.path.startsWith("/files/")).length;
};

/**
 * What a browser asks before it reads, at the first sight of a volume and at the second. `remembered`: whether it is told to
 * remember the answer. It does so for each address apart, and not where the client wants nothing from a cache: so it reads ranges.
 */
async function preflights(visit, remembered) {
    const told = [];
    for (const volume of Object.keys(VOLUMES)) {
        const state = stateOf(visit, middleauth, [volume]);
        const seen = [];
        for (const sight of ["first", "second"]) {
            const before = [count(visit, "GET"), count(visit, "OPTIONS")];
            await follow(visit, "other-site", state);
            if (volume === "zarr" && sight === "first") await logInAndConsent(visit, "ada");
            await shows(visit);
            await visit.settle(3000);
            seen.push([count(visit, "GET") - before[0], count(visit, "OPTIONS") - before[1]]);
        }
        const [[gets, options], [getsAgain, optionsAgain]] = seen;
        told.push(`${volume} ${gets} GET and ${options} OPTIONS, then ${getsAgain} and ${optionsAgain}`);
        // Firefox remembers one preflight for all ranges of a file.
        const once = volume === "sharded" && remembered && visit.kind === "firefox";
        assert(once ? options < gets / 2 : options >= gets - 1, told.at(-1));
        if (remembered && volume !== "sharded") assert(optionsAgain < getsAgain / 2, told.at(-1));
        if (!remembered) assert(optionsAgain >= getsAgain - 1, told.at(-1));
    }
    console.log(`      preflights ${remembered ? "remembered" : "not remembered"}: ${told.join("; ")}`);
}

export const cases = [
    ...Object.keys(VOLUMES).flatMap((volume) => [
        { name: `neuroglancer/same-origin/${volume}`, minutes: 2, run: (visit) => sameOrigin(visit, volume) },
        { name: `neuroglancer/other-site/${volume}`, minutes: 2, run: (visit) => otherSite(visit, volume) },
    ]),
    {
        name: "neuroglancer/other-site/cookies-separated",
        only: "firefox", separateThirdPartyCookies: true,
        minutes: 2,
        run: (visit) => otherSite(visit, "zarr"),
    },
    { name: "neuroglancer/same-origin/share-link", minutes: 2, run: redeemed },
    { name: "neuroglancer/other-site/share-link", minutes: 2, run: guest },
    { name: "neuroglancer/other-site/not-listed", run: unlisted },
    { name: "neuroglancer/other-site/no-opener", run: noOpener },
    {
        name: "neuroglancer/same-origin/layers-shared",
        minutes: 2,
        run: (visit) => shared(visit, "same-origin", https, ["zarr", "precomputed"]),
    },
    {
        name: "neuroglancer/other-site/layers-shared",
        minutes: 2,
        run: (visit) => shared(visit, "other-site", middleauth, ["zarr", "precomputed"]),
    },
    { name: "neuroglancer/other-site/preflights", site: "remembering", minutes: 2, run: (visit) => preflights(visit, true) },
    { name: "neuroglancer/other-site/preflights-forgotten", site: "forgetful", minutes: 2, run: (visit) => preflights(visit, false) },
];
