// The administration as somebody uses it who looks after images, and what is asked of each of its pages.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** Widths of a phone and of a large screen. */
const WIDTHS = [360, 1280];

/** Goes to a page of the site, by its path. */
export const go = (visit, where, page = visit.page) => page.goto(`${visit.site.origin}${where}`);

/** Presses a button, given by a selector, and waits for the page that answers. */
export async function submit(visit, selector, page = visit.page) {
    await Promise.all([page.waitForEvent("domcontentloaded"), page.locator(selector).click()]);
}

/** The button that restores what is called so, among whatever else was deleted. */
export const restoring = (name) => `section.card:has(h2:has-text("${name}")) button.second`;

/** Logs in at the administration's own address, which leads there by way of the login page. */
export async function enter(visit, name) {
    watch(visit);
    await go(visit, "/auth/admin/");
    await visit.page.fill("#username", name);
    await visit.page.fill("#password", visit.site.people[name].password);
    await submit(visit, "form button");
    await visit.page.waitForURL(`${visit.site.origin}/auth/admin/`);
}

/** Whatever the browser complains of: scripts and styles that the site itself forbids, and what is missing. */
function watch(visit) {
    visit.complaints = [];
    visit.page.on("console", (message) => {
        // An answer that says what is wrong with a form is no fault of the page.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
            visit.complaints.push(message.text());
        }
    });
}

/** Nothing went wrong in the browser meanwhile. */
export function isQuiet(visit) {
    assert.deepEqual(visit.complaints, [], "the browser complains of nothing");
    // The driver hides the caret on screenshots by a style of its own, and has Firefox's complaint of that among the errors.
    const ours = visit.pageErrors.filter((text) => !text.includes("inline style (style-src-elem)"));
    assert.deepEqual(ours, [], "no script has failed");
}

/**
 * A page as it is now, light and dark, on a phone and on a large screen: axe finds nothing, nothing is wider than the
 * screen, and a picture is kept. Needs a visit whose pages take our script (`bypassCSP`).
 */
export async function isSound(visit, what, page = visit.page) {
    await page.evaluate(axeSource(visit));
    for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: 800 });
            const where = `${what}, ${colorScheme}, ${width} px`;
            const found = await page.evaluate(async () => {
                const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
                const said = ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`;
                return violations.map(said);
            });
            assert.deepEqual(found, [], `${where}: axe finds nothing`);
            const wide = await page.evaluate(() => {
                if (document.documentElement.scrollWidth <= innerWidth) return [];
                const all = [...document.querySelectorAll("*")];
                const bursting = all.filter((one) => one.scrollWidth > one.clientWidth && !one.matches("thead, .unseen, .skip"));
                return bursting.map((one) => one.outerHTML.slice(0, 160));
            });
            assert.deepEqual(wide, [], `${where}: nothing is wider than the screen`);
            await page.screenshot({ path: picture(visit, `${what}-${colorScheme}-${width}`), fullPage: true });
        }
    }
}

const picture = (visit, what) => path.join(visit.work, "screenshots", `${visit.name.replaceAll("/", "-")}-${what}.png`);

let axe;
function axeSource(visit) {
    axe ??= fs.readFileSync(path.join(visit.modules, "axe-core/axe.min.js"), "utf8");
    return axe;
}

/** The heading of the page that is shown. */
export const heading = (visit, page = visit.page) => page.locator("h1").innerText();

/** What the audit trail says was done, the newest first: `{ who, what, subject }`. */
export async function trail(visit, query = "") {
    await go(visit, `/auth/admin/audit${query}`);
    return visit.page.locator("table.audit tbody tr").evaluateAll((rows) =>
        rows.map((row) => {
            const [who, what, subject] = [...row.querySelectorAll("td")].map((cell) => cell.innerText.trim());
            return { who, what, subject };
        }),
    );
}

/** Makes an account with conditions, by the page; the page of the account is shown then. */
export async function makeAccount(visit, name, conditions = []) {
    await go(visit, "/auth/admin/accounts/new");
    await visit.page.fill("#username", name);
    for (const condition of conditions) await visit.page.check(`[name="held-${condition}"]`);
    await submit(visit, 'form[action="/auth/admin/accounts/new"] button');
    await visit.page.waitForURL(/\/auth\/admin\/accounts\/[0-9a-f]+/);
}

/** Makes a one-time link of the account whose page is shown; gives its address. */
export async function makeLink(visit) {
    await submit(visit, 'form[action$="/link"] button');
    return visit.page.locator("#link").inputValue();
}

/** Uses a one-time link, and logs in with the password that was set by it. */
export async function useLink(visit, link, name, password) {
    await visit.page.goto(link);
    await visit.page.fill("#new", password);
    await visit.page.fill("#again", password);
    await submit(visit, "form button");
    await go(visit, "/auth/login");
    await visit.page.fill("#username", name);
    await visit.page.fill("#password", password);
    await submit(visit, "form button");
    assert.equal(visit.page.url(), `${visit.site.origin}/auth/`, "logged in");
}

/** What an authenticator app shows for a key at a time: RFC 6238 with SHA-1, six digits, 30 seconds. */
export function appCode(key, at = Date.now()) {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const bits = [...key.replaceAll(/\s/g, "")].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
    const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
    const step = Buffer.alloc(8);
    step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
    const digest = createHmac("sha1", bytes).update(step).digest();
    const from = digest[19] & 15;
    return String((digest.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
