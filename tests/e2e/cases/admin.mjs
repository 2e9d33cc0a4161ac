// What an institution does in the administration, and that the very next tile follows.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { enter, go, heading, isQuiet, makeAccount, makeLink, restoring, submit, trail, useLink } from "../administration.mjs";

const PASSWORD = "quarry lantern mossy 31 teapot";

/** A condition, an account with a one-time link, rules from a manifest; everything with or without scripts. */
async function day(visit) {
    const { page, site } = visit;
    const { book } = visit;
    const [condition, reader] = [`readers-of-${book}`, `reader-of-${book}@example.org`];
    const [letter, chart] = [`${book}/letter.tif`, `${book}/ward-chart.tif`];
    const manifest = site.writeBook(book, [letter, chart]);
    await enter(visit, "chief");

    await go(visit, "/auth/admin/conditions");
    await page.getByRole("link", { name: "New access condition" }).click();
    await page.fill("#name", condition);
    await page.check("#pattern-login");
    await page.fill("#label-0", "Readers of the book");
    await submit(visit, 'form#condition button[value="save"]:not(.unseen)');
    assert.equal(await page.getByRole("status").innerText(), `${condition} is saved, and counts at once wherever a rule names it.`);

    await makeAccount(visit, reader, [condition]);
    const account = page.url().split("?")[0];
    const link = await makeLink(visit);

    await visit.another(async (other) => {
        await useLink(other, link, reader, PASSWORD);
        const tile = async (identifier) => site.tileStatus("images", identifier, await other.cookies());
        assert.deepEqual([await tile(letter), await tile(chart)], [403, 403], "closed as long as no rule names it");

        // Not at all by the page's own scripts: the pages work without.
        await go(visit, `/auth/admin/rules/manifest?url=${encodeURIComponent(manifest)}`);
        assert.equal(await page.locator(".canvases label").count(), 2);
        await page.getByRole("checkbox", { name: /The letter/ }).check();
        await page.check(`[name="need-${condition}"]`);
        await page.fill("#note", "only the letter");
        await visit.screenshot("manifest");
        await submit(visit, 'form[method="post"] button');
        assert.equal(await heading(visit), "Make these rules?");
        assert.match(await page.locator("main").innerText(), /One image changes/);
        assert.deepEqual([await tile(letter), await tile(chart)], [403, 403], "looking changes nothing");
        await submit(visit, 'form[action="/auth/admin/rules/manifest"] button:not(.second)');
        assert.match(await page.getByRole("status").innerText(), /One rule is saved/);
        assert.deepEqual([await tile(letter), await tile(chart)], [200, 403], "the very next tile is given");
        assert.equal(await site.tileStatus("images", letter), 401, "and to nobody else");

        // The picture itself, in the person's own browser.
        const shown = await other.page.goto(`${site.image("images", letter)}/full/400,/0/default.jpg`);
        assert.deepEqual([shown.status(), shown.headers()["content-type"]], [200, "image/jpeg"]);

        // Found by its address, changed, deleted, restored.
        await go(visit, `/auth/admin/rules?q=${encodeURIComponent(`${site.image("images", letter)}/info.json`)}`);
        await visit.screenshot("found");
        await page.locator("section table tbody a").first().click();
        await page.waitForURL(/\/auth\/admin\/rules\/\d+$/);
        const rule = page.url();
        await page.uncheck(`[name="need-${condition}"]`);
        await page.check('[name="need-staff"]');
        await submit(visit, `form.fields button`);
        assert.equal(await heading(visit), "Change this rule?");
        await submit(visit, "form button:not(.second)");
        assert.equal(await tile(letter), 401, "other people are asked for");
        await page.goto(rule);
        await submit(visit, 'form[action$="/delete"] button');
        await submit(visit, "form button:not(.second)");
        assert.equal(await tile(letter), 403, "without the rule it is closed");
        await go(visit, "/auth/admin/rules/deleted");
        await submit(visit, restoring(letter));
        await submit(visit, "form button:not(.second)");
        assert.equal(await tile(letter), 401, "the rule is back, as it was");

        // What the account holds, and whether it counts.
        await page.goto(account);
        await page.check('[name="held-staff"]');
        await submit(visit, "form.fields button");
        assert.equal(await tile(letter), 200, "what the account holds counts without another login");
        await page.check('[name="locked"]');
        await submit(visit, "form.fields button");
        assert.equal(await tile(letter), 401, "a locked account's cookie is nobody's");
    });

    // The newest first.
    const lines = await trail(visit);
    const done = lines.filter(({ who }) => who === "chief").map(({ what }) => what).slice(0, 10).reverse();
    assert.deepEqual(done, [
        ...["logged in", "made a condition", "made an account", "made a one-time link", "made a rule"],
        ...["changed a rule", "deleted a rule", "restored a rule", "changed an account", "changed an account"],
    ]);
    await visit.screenshot("audit");
    await submit(visit, 'form[action="/auth/admin/audit/verify"] button');
    assert.match(await page.getByRole("status").innerText(), /are as they were written/);
    isQuiet(visit);
}

const table = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

/** What a button gives as a file. */
async function saved(visit, button, name) {
    const [download] = await Promise.all([visit.page.waitForEvent("download"), visit.page.click(button)]);
    const file = path.join(visit.profile, name);
    await download.saveAs(file);
    return fs.readFileSync(file, "utf8");
}

/** A table of accounts: what is wrong with it is said by line and column, what it would do is shown, and all of it is done. */
async function importing(visit) {
    const { page } = visit;
    await enter(visit, "chief");
    await go(visit, "/auth/admin/accounts/import");
    const look = async (text) => {
        await page.setInputFiles("#file", table("accounts.csv", text));
        await submit(visit, 'form[enctype] button');
    };
    await look("username,conditions\nimport-1@example.org,staff\nimport-2@example.org,nobody-knows\n");
    assert.match(await page.locator("main").innerText(), /Line 3, conditions: There is no condition nobody-knows/);
    const people = Array.from({ length: 300 }, (_, number) => `import-${number + 1}@example.org,staff,2041-01-01`);
    await look(["username,conditions,expires", ...people].join("\n"));
    const planned = await page.locator("#plan ~ dl").first().innerText();
    assert.match(planned.replaceAll(/\s+/g, " "), /Accounts made 300 Accounts changed 0/);
    await page.check('[name="links"]');
    await visit.screenshot("plan");
    await submit(visit, 'form[action$="/import/run"] button');
    await page.getByText("Done: 300 made, 0 changed").waitFor();
    await visit.screenshot("done");

    // A link for each of them, once; and it is one that works.
    const links = (await saved(visit, 'form[action*="/links"] button', "links.csv")).trim().split(/\r?\n/);
    assert.equal(links.length, 301);
    const [name, link] = links[7].split(",");
    await visit.another((other) => useLink(other, link, name, PASSWORD));
    await page.reload();
    assert.equal(await page.locator('form[action*="/links"]').count(), 0, "they are shown once");

    await go(visit, "/auth/admin/accounts?q=import-");
    assert.match(await page.locator("main").innerText(), /300 accounts\./);
    await page.getByRole("link", { name: "Next" }).click();
    assert.match(await page.locator("nav.pages").innerText(), /Page 2 of/);

    // What comes out goes in again.
    await go(visit, "/auth/admin/accounts");
    const text = await saved(visit, 'form[action$="/export"] button', "export.csv");
    assert.match(text, /^import-300@example\.org,/m);
    await go(visit, "/auth/admin/accounts/import");
    await look(text);
    assert.match(await page.locator("main").innerText(), /there is nothing to do/);

    // Deleted and had back.
    await go(visit, "/auth/admin/accounts?q=import-300");
    await page.locator("table.accounts tbody a").click();
    await page.locator("details summary").click();
    await submit(visit, 'form[action$="/delete"] button');
    await go(visit, "/auth/admin/accounts?q=import-300");
    assert.match(await page.locator("main").innerText(), /No account fits/);
    await go(visit, "/auth/admin/accounts/deleted");
    await submit(visit, restoring("import-300@example.org"));
    await go(visit, "/auth/admin/accounts?q=import-300");
    assert.match(await page.locator("main").innerText(), /One account\./);
    isQuiet(visit);
}

/** Two administrators, one account: the second is told, and keeps what they typed. */
async function twoAtOnce(visit) {
    const { page } = visit;
    await enter(visit, "chief");
    await makeAccount(visit, "shared-by-two@example.org");
    const account = page.url().split("?")[0];
    await page.fill("#note", "what the first has typed");
    await visit.another(async (second) => {
        await enter(second, "deputy");
        await second.page.goto(account);
        await second.page.fill("#note", "what the second has typed");
        await submit(second, "form.fields button");
    });
    await submit(visit, "form.fields button");
    assert.match(await page.getByRole("alert").innerText(), /Somebody else has changed this account meanwhile/);
    assert.equal(await page.inputValue("#note"), "what the first has typed");
    assert.match(await page.locator("dl.theirs").innerText(), /what the second has typed/);
    await visit.screenshot("told");
    await submit(visit, "form.fields button");
    assert.match(await page.getByRole("status").innerText(), /is saved/);
    isQuiet(visit);
}

/** With a keyboard alone: the skip link first, then everything in the order of the page, and each focus is to be seen. */
async function keyboard(visit) {
    const { page } = visit;
    const focused = () =>
        page.evaluate(() => {
            const { activeElement: at } = document;
            const { outlineStyle, outlineWidth } = getComputedStyle(at);
            // The calendar's button within a field for a day has a ring of its own; then the field has not the focus.
            const seen = !at.matches(":focus") || (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0);
            return { id: at.id, name: at.name, text: at.innerText?.trim(), href: at.getAttribute("href"), seen };
        });
    const tabTo = async (what, test) => {
        for (let presses = 0; presses < 60; presses += 1) {
            await page.keyboard.press("Tab");
            const at = await focused();
            assert(at.seen, `the focus is to be seen at ${JSON.stringify(at)}`);
            if (test(at)) return;
        }
        assert.fail(`no Tab leads to ${what}`);
    };
    await enter(visit, "deputy");
    await page.keyboard.press("Tab");
    assert.equal((await focused()).href, "#main", "the first is the link to the content");
    await tabTo("Accounts", ({ href }) => href === "/auth/admin/accounts");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/auth\/admin\/accounts$/);
    await tabTo("New account", ({ href }) => href === "/auth/admin/accounts/new");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/new$/);
    await tabTo("the name", ({ id }) => id === "username");
    await page.keyboard.type("by-keyboard@example.org");
    await tabTo("a condition", ({ name }) => name === "held-staff");
    await page.keyboard.press("Space");
    await visit.screenshot("focus");
    await tabTo("the button", ({ text }) => text === "Make the account");
    await page.keyboard.press("Enter");
    await page.getByText("The account by-keyboard@example.org is made.").waitFor();
    assert(await page.isChecked('[name="held-staff"]'));
    isQuiet(visit);
}

/** What is typed wrongly is said beside the field, what was typed stays, and nothing is done. */
async function badInput(visit) {
    const { page } = visit;
    await enter(visit, "deputy");
    await go(visit, "/auth/admin/accounts/new");
    const save = () => submit(visit, "form.fields button");
    const faulty = async (field, said) => {
        const at = await page.locator(`#${field}`).getAttribute("aria-describedby");
        assert(at.split(" ").includes(`${field}-fault`), "the message belongs to the field");
        assert.match(await page.locator(`#${field}-fault`).innerText(), said);
        assert.equal(await page.evaluate(() => document.activeElement.id), field, "and the focus is there");
    };
    await page.evaluate(() => document.getElementById("username").removeAttribute("maxlength"));
    await page.fill("#username", "x".repeat(300));
    await page.fill("#note", "kept as it is: <b>\u00fc</b>");
    await save();
    await faulty("username", /longer than 200 characters/);
    assert.equal(await page.inputValue("#note"), "kept as it is: <b>\u00fc</b>");
    await page.fill("#username", "evil\u202egro.elpmaxe");
    await save();
    await faulty("username", /turn the direction of writing/);
    await page.fill("#username", "\uff41\uff44\uff41");
    await save();
    await faulty("username", /There is an account of that name already/);
    await go(visit, "/auth/admin/rules/new?url=https%3A%2F%2Fexample.org%2Felsewhere");
    assert.match(await page.locator("#url-fault").innerText(), /not an address/);
    isQuiet(visit);
}

/** Somebody asks for an account, an administrator decides, and the login that was chosen works from then on. */
async function registration(visit) {
    const { page, site } = visit;
    const name = "asks-for-one@example.org";
    await go(visit, "/auth/login");
    await page.locator('a[href="/auth/register"]').click();
    await page.fill("#username", name);
    await page.fill("#new", PASSWORD);
    await page.fill("#again", PASSWORD);
    await page.fill("#message", "I am writing about the letters of 1931.\nIt is for a dissertation.");
    await visit.screenshot("asked");
    await submit(visit, "form button");
    assert.equal(new URL(page.url()).pathname, "/auth/register/sent");
    const login = async () => {
        await go(visit, "/auth/login");
        await page.fill("#username", name);
        await page.fill("#password", PASSWORD);
        await submit(visit, "form button");
        return new URL(page.url()).pathname;
    };
    assert.equal(await login(), "/auth/login", "nobody has decided yet");
    await visit.another(async (chief) => {
        await enter(chief, "deputy");
        await chief.page.locator('main a[href="/auth/admin/registrations"]').first().click();
        await chief.page.locator("section.card", { hasText: name }).locator("a.button").click();
        await chief.page.check('[name="held-staff"]');
        await chief.screenshot("decide");
        await submit(chief, "form.fields button");
        const [line] = await trail(chief, "?what=registration.");
        assert.deepEqual([line.who, line.what], ["deputy", "approved a request for an account"]);
        isQuiet(chief);
    });
    assert.equal(await login(), "/auth/");
    assert.equal(await site.tileStatus("images", "protected/letter.tif", await visit.cookies()), 200);
}

/** Why somebody does not get something, from there to the rule that says so, and to a rule for the image alone. */
async function explaining(visit) {
    const { page, site } = visit;
    await enter(visit, "deputy");
    await go(visit, "/auth/admin/explain");
    await page.fill("#url", `${site.image("images", "protected/letter.tif")}/full/200,/0/default.jpg`);
    await page.fill("#account", "bob");
    await submit(visit, "form.fields button");
    const answer = page.url();
    assert.match(await page.locator(".verdict").innerText(), /Not allowed \(401\): it needs staff/);
    await visit.screenshot("answer");
    for (const [link, title] of [["rules/\\d+", /^Rule \d+$/], ["conditions/staff", /staff/], ["accounts/[0-9a-f]+", /bob/]]) {
        await page.goto(answer);
        const links = page.locator('main section a[href^="/auth/admin/"]');
        const wanted = new RegExp(`^/auth/admin/${link}$`);
        const hrefs = await links.evaluateAll((all) => all.map((one) => one.getAttribute("href")));
        const at = hrefs.findIndex((href) => wanted.test(href));
        assert(at >= 0, `${link} is among ${hrefs.join(" ")}`);
        await links.nth(at).click();
        await page.waitForURL((url) => wanted.test(url.pathname));
        assert.match(await heading(visit), title);
    }
    await page.goto(answer);
    await page.locator('main section a[href^="/auth/admin/rules/new"]').click();
    assert.deepEqual([await page.inputValue("#mount"), await page.inputValue("#identifier")], ["images", "protected/letter.tif"]);
    assert(await page.isChecked('[name="match"][value="exact"]'));
    isQuiet(visit);
}

/** Somebody who may not administer is told so, and shown no more; nor is a stranger. */
async function closedToOthers(visit) {
    const { page, site } = visit;
    const pages = ["", "accounts", "conditions", "rules", "audit", "explain", "accounts/new", "rules/manifest"];
    for (const name of pages) {
        await go(visit, `/auth/admin/${name}`);
        assert.equal(new URL(page.url()).pathname, "/auth/login", name);
    }
    await visit.logInByLink("ada");
    for (const name of pages) {
        const answer = await go(visit, `/auth/admin/${name}`);
        assert.equal(answer.status(), 403, name);
        assert.equal(await heading(visit), "Not an administrator", name);
    }
    // The images' own cookie counts for nothing there, even an administrator's.
    await visit.another(async (chief) => {
        await enter(chief, "deputy");
        const cookies = (await chief.cookies()).filter(({ name }) => name.endsWith("access"));
        assert.equal(cookies.length, 1);
        const header = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
        const answer = await site.get(`${site.origin}/auth/admin/accounts`, { Cookie: header });
        assert.equal(answer.status, 303);
    });
}

const one = (name, run, wishes = {}) => ({ name: `admin/${name}`, run, site: "administration", ...wishes });

export const cases = [
    one("day", day, { book: "book-1" }),
    one("day/without-scripts", day, { book: "book-2", context: { javaScriptEnabled: false } }),
    // In so narrow a window Firefox's driver waits in vain for a box to stand still, and would not tick it.
    one("day/on-a-phone", day, { book: "book-3", only: "chromium", context: { viewport: { width: 360, height: 740 }, hasTouch: true } }),
    one("import", importing),
    one("registration", registration),
    one("explain", explaining),
    one("two-at-once", twoAtOnce),
    one("keyboard", keyboard),
    one("bad-input", badInput),
    one("closed-to-others", closedToOthers),
];
