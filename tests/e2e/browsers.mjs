// The browsers that the cases are carried out in: each is the one of Debian, with a profile of its own for each visit.

import fs from "node:fs";
import path from "node:path";

import { HOSTS } from "./site.mjs";

const CHROMIUM_FLAGS = [
    ..."--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split(" "),
    ..."--disable-component-update --disable-sync --use-gl=angle --use-angle=swiftshader --enable-unsafe-swiftshader".split(" "),
    '--host-resolver-rules="MAP *.test 127.0.0.1"'.replaceAll('"', ""),
];

/** What Firefox does with third-party cookies: takes them, takes none, or, as it is delivered, keeps them apart for each site. */
const FIREFOX_COOKIES = { taken: 0, blocked: 1, separated: 5 };

/** What a person chooses in Chromium's settings under third-party cookies; never what some build has as its default. */
function chromium(drivers, profile, common, { blockThirdPartyCookies: block = false, exceptions, blockPopups }) {
    const preferences = {
        profile: {
            ...{ cookie_controls_mode: block ? 1 : 0, block_third_party_cookies: block },
            ...(exceptions ? { content_settings: { exceptions } } : {}),
        },
    };
    fs.mkdirSync(path.join(profile, "Default"));
    fs.writeFileSync(path.join(profile, "Default/Preferences"), JSON.stringify(preferences));
    return drivers.chromium.launchPersistentContext(profile, {
        ...common,
        args: CHROMIUM_FLAGS,
        // The driver lets every page open windows; browsers want a click.
        ignoreDefaultArgs: blockPopups ? ["--disable-popup-blocking"] : [],
        headless: false, // the flags say it: the new headless is the whole browser
    });
}

/** By WebDriver BiDi, which the Firefox that people have speaks; on a display, since without one it has no WebGL. */
function firefox(drivers, profile, common, { blockThirdPartyCookies, separateThirdPartyCookies }) {
    const blocked = blockThirdPartyCookies ? "blocked" : "taken";
    return drivers.firefox.launchPersistentContext(profile, {
        ...common,
        channel: "moz-firefox",
        headless: false,
        firefoxUserPrefs: {
            "network.dns.localDomains": Object.values(HOSTS).join(","),
            "network.cookie.cookieBehavior": FIREFOX_COOKIES[separateThirdPartyCookies ? "separated" : blocked],
            ...{ "webgl.force-enabled": true, "webgl.forbid-software": false },
        },
    });
}

export const BROWSERS = { chromium, firefox };
