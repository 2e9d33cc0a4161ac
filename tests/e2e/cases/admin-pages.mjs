// Every page of the administration and of one's own account, in each state that it has: light and dark, on a phone and
// on a large screen, in English and in German. Nothing here depends on the language.

import assert from "node:assert/strict";

import { enter, go, isSound, makeAccount, makeLink, submit } from "../administration.mjs";

const addressOf = (visit) => `${visit.site.image("images", "protected/letter.tif")}/full/200,/0/default.jpg`;
const query = (fields) => `?${new URLSearchParams(fields)}`;

/** Goes through pages: a name, an address of the administration, and what is done before it is looked at. */
async function look(visit, pages) {
    for (const [what, where, act] of pages) {
        await go(visit, where);
        await act?.(visit.page);
        assert.equal(await visit.page.getAttribute("html", "lang"), visit.language, what);
        await isSound(visit, what);
    }
}

async function overview(visit) {
    await enter(visit, "deputy");
    await go(visit, "/auth/admin/").then(() => isSound(visit, "overview"));
    await look(visit, [
        ["explain", "/auth/admin/explain"],
        ["explain-answer", `/auth/admin/explain${query({ url: addressOf(visit), account: "bob", address: "192.0.2.7" })}`],
        ["explain-given", `/auth/admin/explain${query({ url: addressOf(visit), account: "ada" })}`],
        ["explain-faults", `/auth/admin/explain${query({ url: "https://example.org/", account: "nobody", address: "x", at: "y" })}`],
        ["dates", "/auth/admin/upcoming"],
        ["audit", "/auth/admin/audit"],
        ["audit-none", `/auth/admin/audit${query({ subject: "no such thing" })}`],
        ["audit-faults", `/auth/admin/audit${query({ who: "no such person", from: "y" })}`],
        ["audit-verified", "/auth/admin/audit", () => submit(visit, 'form[action$="/verify"] button')],
        ["nothing-here", "/auth/admin/accounts/00000000000000000000000000000000"],
    ]);
}

async function accounts(visit) {
    const name = `pages-${visit.language}@example.org`;
    await enter(visit, "deputy");
    await makeAccount(visit, name, ["staff"]);
    await isSound(visit, "account-made");
    const account = new URL(visit.page.url()).pathname;
    await makeLink(visit);
    await isSound(visit, "account-link");
    const send = (text) => async (page) => {
        await page.setInputFiles("#file", { name: "accounts.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
        await submit(visit, "form[enctype] button");
    };
    const ask = (who, password, message) => async (page) => {
        for (const [field, text] of [["username", who], ["new", password], ["again", password], ["message", message]]) {
            await page.fill(`#${field}`, text);
        }
        await submit(visit, "form button");
    };
    await look(visit, [
        ["accounts", "/auth/admin/accounts"],
        ["accounts-none", `/auth/admin/accounts${query({ q: "nobody at all" })}`],
        ["account-new", "/auth/admin/accounts/new"],
        [
            ...["account-faults", "/auth/admin/accounts/new"],
            async (page) => {
                await page.fill("#username", "ada");
                await page.fill("#note", "an override \u202e of the direction");
                await submit(visit, "form.fields button");
            },
        ],
        ["account", account, (page) => page.locator("details summary").click()],
        ["import", "/auth/admin/accounts/import"],
        ["import-faults", "/auth/admin/accounts/import", send("username,conditions\na,nobody-knows\na,\n")],
        ["import-plan", "/auth/admin/accounts/import", send(`username,administrator\nplan-${visit.language}@example.org,yes\n`)],
        [
            ...["import-done", "/auth/admin/accounts/import"],
            async (page) => {
                await send(`username,conditions\nmade-${visit.language}@example.org,staff\n`)(page);
                await submit(visit, 'form[action$="/import/run"] button');
                await page.locator(".done").waitFor();
            },
        ],
        [
            ...["import-links", "/auth/admin/accounts/import"],
            async (page) => {
                await send(`username\nlinks-${visit.language}@example.org\n`)(page);
                await page.check('[name="links"]');
                await submit(visit, 'form[action$="/import/run"] button');
                await page.locator(".done").waitFor();
            },
        ],
        ["register", "/auth/register"],
        ["register-faults", "/auth/register", ask("an override \u202e", "password", "too short")],
        ["register-sent", "/auth/register", ask(`asks-${visit.language}@example.org`, "quarry lantern mossy 31", "Please.\n\nI am a reader.")],
        ["registrations", "/auth/admin/registrations", (page) => page.locator("details summary").click()],
        ["registration", "/auth/admin/registrations", (page) => page.locator(".card a.button").last().click()],
        ["removed", account, (page) => page.locator("details summary").click().then(() => submit(visit, ".danger"))],
        ["deleted", "/auth/admin/accounts/deleted"],
        ["forbidden", "/auth/admin/", () => leaveFor(visit, "bob", "/auth/admin/")],
    ]);
}

/** Logs in as somebody else, and goes to a page. */
async function leaveFor(visit, name, where) {
    await visit.browser.clearCookies();
    await go(visit, "/auth/login");
    await fillLogin(visit, name);
    await go(visit, where);
}

async function fillLogin(visit, name) {
    await visit.page.fill("#username", name);
    await visit.page.fill("#password", visit.site.people[name].password);
    await submit(visit, "form button");
}

async function conditions(visit) {
    const name = `pages-${visit.language}`;
    const save = 'form#condition button[value="save"]:not(.unseen)';
    await enter(visit, "deputy");
    await look(visit, [
        ["conditions", "/auth/admin/conditions"],
        ["condition-new", "/auth/admin/conditions/_new"],
        [
            ...["condition-faults", "/auth/admin/conditions/_new"],
            async (page) => {
                await page.fill("#name", "Not A Name");
                await page.fill("#networks", "192.0.2.1/33\n10.0.0.0/8");
                await page.fill("#label-0", "a \u202e label");
                await submit(visit, save);
            },
        ],
        [
            ...["condition-made", "/auth/admin/conditions/_new"],
            async (page) => {
                await page.fill("#name", name);
                await page.check("#pattern-clickthrough");
                await page.fill("#label-0", "Terms for looking at every page");
                await submit(visit, save);
            },
        ],
        [
            ...["condition", `/auth/admin/conditions/${name}`],
            async (page) => {
                await page.fill("#label-0", "A label with a_very_long_word_that_no_browser_can_break_anywhere_by_itself");
                await page.fill("#note-0", "Do not publish these images.");
                await submit(visit, 'button[value="preview"]');
            },
        ],
        [
            ...["condition-opens", "/auth/admin/conditions/room"],
            async (page) => {
                await page.check("#pattern-open");
                await submit(visit, save);
            },
        ],
        ["condition-remove", `/auth/admin/conditions/${name}/remove`],
        ["condition-in-use", "/auth/admin/conditions/staff/remove"],
        ["condition-built-in", "/auth/admin/conditions/open"],
    ]);
}

async function passes(visit) {
    const make = (...fields) => async (page) => {
        for (const [field, text] of fields) {
            if (field === "kind") await page.check(`[name="kind"][value="${text}"]`);
            else await page.fill(`#${field}`, text);
        }
        await submit(visit, 'form.fields[method="post"] button');
    };
    const name = `protected/${visit.language}`;
    await enter(visit, "deputy");
    await look(visit, [
        ["passes-none", `/auth/admin/passes${query({ q: "no such pass" })}`],
        ["pass-new", "/auth/admin/passes/new"],
        ["pass-from-address", `/auth/admin/passes/new${query({ url: addressOf(visit) })}`],
        [
            ...["pass-faults", "/auth/admin/passes/new"],
            make(["identifier", "a/../b"], ["kind", "link"], ["until", "2001-01-01"], ["max_px", "many"], ["note", "an override \u202e"]),
        ],
        ["pass-made", "/auth/admin/passes/new", make(["identifier", name], ["note", "A note_that_no_browser_can_break_anywhere_by_itself"])],
        ["pass-link", "/auth/admin/passes/new", make(["identifier", name], ["kind", "link"], ["uses", "2"])],
        ["pass-making", "/auth/admin/passes/new", make(["identifier", name], ["kind", "making"])],
        ["passes", `/auth/admin/passes${query({ q: name })}`],
        [
            ...["pass", `/auth/admin/passes${query({ q: name, state: "making" })}`],
            (page) => page.locator("table tbody a").first().click().then(() => page.waitForURL(/\/passes\/[0-9a-f]{32}$/)),
        ],
        [
            ...["pass-revoked", `/auth/admin/passes${query({ q: name })}`],
            async (page) => {
                await page.locator("table tbody a").last().click();
                await page.waitForURL(/\/passes\/[0-9a-f]{32}$/);
                await submit(visit, ".danger");
            },
        ],
    ]);
}

async function rules(visit) {
    const { site } = visit;
    const manifest = site.writeBook(`pages-${visit.language}`, ["book-4/letter.tif", "book-4/ward-chart.tif"]);
    const newRule = (identifier) => async (page) => {
        await page.fill("#identifier", identifier);
        await page.check('[name="need-staff"]');
        await page.fill("#until", "2041-01-01");
        await submit(visit, "form.fields button");
    };
    const agree = () => submit(visit, 'main form button:not(.second)');
    await enter(visit, "deputy");
    await look(visit, [
        ["rules", "/auth/admin/rules"],
        ["rules-here", `/auth/admin/rules${query({ q: addressOf(visit) })}`],
        ["rules-none", `/auth/admin/rules${query({ q: "no such image" })}`],
        ["rules-fault", `/auth/admin/rules${query({ q: "https://example.org/" })}`],
        ["rule-new", "/auth/admin/rules/new"],
        ["rule-from-address", `/auth/admin/rules/new${query({ url: addressOf(visit) })}`],
        [
            ...["rule-faults", "/auth/admin/rules/new"],
            async (page) => {
                await page.fill("#identifier", "a/../b");
                await page.fill("#whole_image_px", "many");
                await page.fill("#from", "2041-01-01");
                await page.fill("#until", "2040-01-01");
                await submit(visit, "form.fields button");
            },
        ],
        ["rule-confirm", "/auth/admin/rules/new", newRule(`pages/${visit.language}`)],
        [
            ...["rule", "/auth/admin/rules/new"],
            async (page) => {
                await newRule(`pages/${visit.language}`)(page);
                await agree();
            },
        ],
        ["manifest", "/auth/admin/rules/manifest"],
        ["manifest-fault", `/auth/admin/rules/manifest${query({ url: "https://example.org/" })}`],
        ["manifest-read", `/auth/admin/rules/manifest${query({ url: manifest })}`],
        [
            ...["manifest-confirm", `/auth/admin/rules/manifest${query({ url: manifest })}`],
            async (page) => {
                await page.check('[name="whole"]');
                await page.check('[name="need-open"]');
                await submit(visit, 'form[method="post"] button');
            },
        ],
        [
            ...["rules-deleted", `/auth/admin/rules${query({ q: `pages/${visit.language}` })}`],
            async (page) => {
                await page.locator("table tbody a").first().click();
                await page.waitForURL(/\/rules\/\d+$/);
                await submit(visit, 'form[action$="/delete"] button');
                await isSound(visit, "rule-delete");
                await agree();
                await go(visit, "/auth/admin/rules/deleted");
            },
        ],
    ]);
}

/** What everybody sees: login, own account, password, second factor. */
async function own(visit) {
    const wrongly = (...fields) => async (page) => {
        for (const [field, text] of fields) await page.fill(field, text);
        await submit(visit, "form button");
    };
    await look(visit, [
        ["login", "/auth/login"],
        ["login-wrong", "/auth/login", wrongly(["#username", "nobody"], ["#password", "wrong"])],
        ["link-no-good", `/auth/set-password/${"a".repeat(43)}`],
        ["nothing-here", "/auth/nothing"],
        ["logged-out", "/auth/"],
        ["terms", "/auth/v2/access/terms"],
        ["device", "/auth/device"],
        ["viewers", "/auth/viewers"],
    ]);
    await go(visit, "/auth/login");
    await fillLogin(visit, "bob");
    await look(visit, [
        ["account", "/auth/"],
        ["present", "/auth/login"],
        ["password", "/auth/password"],
        ["password-faults", "/auth/password", wrongly(["#old", "wrong"], ["#new", "password"], ["#again", "other"])],
        ["second-factor", "/auth/second-factor"],
        ["second-factor-faults", "/auth/second-factor", wrongly(["#password", "wrong"], ["#code", "1"])],
        ["log-out", "/auth/logout"],
    ]);
}

/** What is looked for is found: a picture without words, and what is too wide for a phone. */
async function theCheckItself(visit) {
    await go(visit, "/auth/login");
    await isSound(visit, "sound");
    const spoil = (html) => visit.page.evaluate((text) => document.querySelector("main").insertAdjacentHTML("beforeend", text), html);
    await spoil('<p id="spoilt"><img src="/auth/static/tilegate.svg"></p>');
    await assert.rejects(isSound(visit, "spoilt"), /image-alt/);
    await visit.page.evaluate(() => document.getElementById("spoilt").remove());
    await spoil('<p id="spoilt">A line that is much too long for the screen of any phone that there is</p>');
    await visit.page.evaluate(() => (document.getElementById("spoilt").style.whiteSpace = "nowrap"));
    await assert.rejects(isSound(visit, "spoilt"), /nothing is wider than the screen/);
}

const LANGUAGES = { en: "en-GB", de: "de-AT" };
const one = (name, run, language) => ({
    ...{ name: `pages/${name}/${language}`, run, language, site: "administration" },
    ...{ minutes: 3, context: { bypassCSP: true, locale: LANGUAGES[language] } },
});

export const cases = [
    one("the-check-itself", theCheckItself, "en"),
    ...Object.keys(LANGUAGES).flatMap((language) =>
        Object.entries({ overview, accounts, conditions, passes, rules, own }).map(([name, run]) => one(name, run, language)),
    ),
];
