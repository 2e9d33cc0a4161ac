// One visit of one person in a browser of its own, what it asked the images for, and the
// steps that every viewer has in common.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

import { BROWSERS } from "./browsers.mjs";
import { HOSTS } from "./site.mjs";
import { colours } from "./picture.mjs";

const VIEWPORT = { width: 1100, height: 800 };
/** A picture has at least so many colours, see `colours`: the letter has 280 and more, a message on a surface up to 40. */
const PICTURE = 120;
const STEP_MS = 15_000;

/** The image that a login opens. */
export const LETTER = "protected/letter.tif";

/** Whether an address is of image bytes, a tile or a whole picture. */
const isImage = (url) => /\/iiif\/images[12]?\/[^?]*\/(default|color|gray|bitonal|native)\.[a-z]+$/.test(url);

/** The beginning of a visit, as a mark. */
export const START = { images: 0, answers: 0 };

/** The middle of the screen, where every viewer has its canvas. */
export const MIDDLE = { x: 350, y: 250, width: 400, height: 350 };

export class Visit {
    /** The addresses of image bytes that came to the browser, oldest first. */
    images = [];
    pageErrors = [];
    /** The image that this visit is about. */
    identifier = LETTER;

    /**
     * @param site a running `Site`
     * @param options `{ name, work, modules, kind, executable }`, the fourth one of `BROWSERS`, and what a case wishes:
     *     `{ identifier, blockThirdPartyCookies, separateThirdPartyCookies, blockPopups, exceptions, context }`, the last
     *     but one as Chromium's settings have them, the last as the driver has them
     */
    static async begin(site, options) {
        const visit = new Visit();
        Object.assign(visit, { site, ...options, options });
        visit.profile = fs.mkdtempSync(path.join(site.folder, "browser-"));
        visit.begun = site.answers().length;
        const drivers = createRequire(path.join(options.modules, "_"))("playwright-core");
        const common = { executablePath: options.executable, ignoreHTTPSErrors: true, viewport: VIEWPORT, locale: "en-GB" };
        visit.browser = await BROWSERS[options.kind](drivers, visit.profile, { ...common, ...options.context }, options);
        visit.browser.setDefaultTimeout(STEP_MS);
        visit.page = visit.browser.pages()[0] ?? (await visit.browser.newPage());
        visit.page.on("pageerror", (error) => visit.pageErrors.push(error.message));
        visit.browser.on("response", (response) => visit.#note(response));
        return visit;
    }

    #note(response) {
        const url = response.url();
        if (new URL(url).hostname !== HOSTS.images || !isImage(url) || response.status() !== 200) return;
        this.images.push(url);
    }

    /** Another person, in a browser of their own, while `act` lasts. */
    async another(act) {
        const other = await Visit.begin(this.site, this.options);
        try {
            return await act(other);
        } finally {
            await other.end();
        }
    }

    /** What the images' host has answered in this visit, to whomever. */
    answers() {
        return this.site.answers().slice(this.begun);
    }

    async end() {
        await this.browser.close().catch(() => {});
        fs.rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
    }

    /** Goes to a viewer's page. */
    async open(place, page, query = {}) {
        this.place = place;
        const url = new URL(page, this.site.viewerOrigin(place));
        for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
        await this.page.goto(url.href, { waitUntil: "load" });
    }

    /** Waits until something is so, and says what it waited for if it is not. */
    async until(what, test, ms = STEP_MS) {
        const end = Date.now() + ms;
        for (;;) {
            if (await test()) return;
            assert(Date.now() < end, `waited ${ms / 1000} s in vain for: ${what}${this.#told()}`);
            await pause(100);
        }
    }

    #told() {
        const tally = {};
        for (const { path, status, cookie } of this.answers()) {
            const kind = isImage(path) ? `image ${status}${cookie ? " with cookie" : ""}` : "";
            if (kind) tally[kind] = (tally[kind] ?? 0) + 1;
        }
        const others = this.answers().filter(({ path }) => !isImage(path) && !path.includes("/static/"));
        const last = others.slice(-5).map(({ path, status }) => `${status} ${path.slice(0, 80)}`);
        const errors = this.pageErrors.slice(-2);
        return ` (${JSON.stringify(tally)}; last: ${last.join(", ")}${errors.length ? `; page errors: ${errors.join(" | ")}` : ""})`;
    }

    /** Lets a viewer do whatever it is going to do without anybody's doing. */
    async settle(ms = 2000) {
        await pause(ms);
    }

    /** Does something that opens a window, and gives the window. */
    async popup(act) {
        const [window] = await Promise.all([this.browser.waitForEvent("page"), act()]);
        await window.waitForURL((url) => url.protocol === "https:", { waitUntil: "domcontentloaded" });
        return window;
    }

    /** Does something that opens a window which closes itself. */
    async popupComesAndGoes(act) {
        const gone = this.browser.waitForEvent("page").then((window) => {
            return window.isClosed() ? undefined : window.waitForEvent("close");
        });
        await Promise.all([gone, act()]);
    }

    /** Logs in on the login page that a viewer has opened; the page closes itself. */
    async logIn(window, name = "ada") {
        assert.equal(new URL(window.url()).origin, this.site.origin, "the window is the images' login page");
        await Promise.all([window.waitForEvent("close"), this.fillLogin(window, name)]);
    }

    async fillLogin(window, name = "ada") {
        await window.fill("#username", name);
        await window.fill("#password", this.site.people[name].password);
        await press(window, "Log in");
    }

    /** Somebody who is logged in already says so on the login page; the page closes itself. */
    async proceed(window, name) {
        await Promise.all([window.waitForEvent("close"), press(window, `Continue as ${name}`)]);
    }

    /** Accepts the terms on our own page; the page closes itself. */
    async agree(window) {
        await Promise.all([window.waitForEvent("close"), press(window, "I agree")]);
    }

    cookies() {
        return this.browser.cookies(this.site.origin);
    }

    /** A copy of the cookies that somebody keeps: it opens the tiles, for now. */
    async copyOfCookies() {
        const cookies = await this.cookies();
        assert.equal(await this.tileStatus(cookies), 200, "a copy of the cookies opens the tiles while logged in");
        return cookies;
    }

    /** These cookies open each of the images. */
    async cookiesOpen(...identifiers) {
        const cookies = await this.cookies();
        for (const identifier of identifiers) {
            assert.equal(await this.site.tileStatus("images", identifier, cookies), 200, identifier);
        }
    }

    /** After a log-out: the copy is dead, and the browser has lost its own (A1-36, A2-60, A2-61). */
    async isOver(copy) {
        await this.until("the copy of the cookies refused", async () => (await this.tileStatus(copy)) === 401);
        const left = (await this.cookies()).filter(({ name }) => name.endsWith("access"));
        assert.deepEqual(left, [], "no access cookie is left in the browser");
    }

    /** What a tile of the image answers to these cookies. */
    tileStatus(cookies) {
        return this.site.tileStatus("images", this.identifier, cookies);
    }

    /** Whether the images' host was asked for an address with this in it (and gave this status). */
    asked(part, status) {
        return this.answers().some((one) => one.path.includes(part) && (status ?? one.status) === one.status);
    }

    /** This moment, for what comes `since` it. */
    mark() {
        return { images: this.images.length, answers: this.answers().length };
    }

    /** Requests for image bytes that were answered with a status. */
    answered(status, since = START) {
        return this.answers().slice(since.answers).filter((one) => one.status === status && isImage(one.path));
    }

    /** Tiles have come since the mark, all of them pictures, and a picture is to be seen. */
    async tilesArrive(since = START, region = MIDDLE) {
        await this.until("a tile with status 200", () => this.images.length > since.images);
        await this.until("a picture on the screen", () => this.picture(region));
        for (const { type, path } of this.answered(200, since)) assert.equal(type, "image/jpeg", path);
    }

    /** No image has been given since the mark, and there is no picture. */
    async nothingArrives(since = START, region = MIDDLE) {
        assert.deepEqual(this.images.slice(since.images), [], "no image comes to the browser");
        assert.deepEqual(this.answered(200, since), [], "no image is given to whom it is not for");
        assert(!(await this.picture(region)), "no picture is shown");
    }

    /** Whether there is a picture in a region of the screen. */
    async picture(region = MIDDLE) {
        return (await this.colours(region)) >= PICTURE;
    }

    /** How many colours a region of the screen has. */
    async colours(region) {
        return colours(await this.page.screenshot({ clip: region }));
    }

    screenshot(what) {
        return this.screenshotOf(this.page, what);
    }

    async screenshotOf(window, what) {
        const file = path.join(this.work, "screenshots", `${this.name.replaceAll("/", "-")}-${what}.png`);
        await window.screenshot({ path: file }).catch(() => {});
    }

    /** Logs in by the plain page, in a window of its own, as somebody would who follows a link. */
    async logInByLink(name) {
        const window = await this.browser.newPage();
        await window.goto(`${this.site.origin}/auth/login`);
        await this.fillLogin(window, name);
        await window.waitForURL(`${this.site.origin}/auth/`);
        await window.close();
        await this.page.bringToFront();
    }

    /** Sets this browser up as a computer of a reading room; gives the ID of the device. */
    async enrol(condition) {
        const { id, code } = this.site.newDevice(condition);
        const window = await this.browser.newPage();
        await window.goto(`${this.site.origin}/auth/device`);
        await window.fill("#code", code);
        await press(window, "Set up");
        await window.getByText("This computer is set up").waitFor();
        await window.close();
        await this.page.bringToFront();
        return id;
    }

    /** Logs out by the plain link, in a window of its own. */
    async logOutByLink() {
        const window = await this.browser.newPage();
        await window.goto(`${this.site.origin}/auth/logout`).catch(() => {});
        await window.close().catch(() => {});
        await this.page.bringToFront();
    }
}

/** Presses a button whose answer may close the window before the driver has heard of the click. */
export async function press(window, name) {
    const button = window.getByRole("button", { name, exact: true });
    await button.click().catch((error) => {
        if (!window.isClosed()) throw error;
    });
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The manifest of the visit's image, for one of the image mounts, in a version of the Presentation API. */
export const pageManifest = (visit, mount, version) => visit.site.manifest(mount, visit.identifier, version);
