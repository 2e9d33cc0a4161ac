// What everybody does about their own account, and the first visit.

import assert from "node:assert/strict";

import { appCode, enter, go, heading, isQuiet, isSound, submit } from "../administration.mjs";
import { press } from "../visit.mjs";

const NEW = "walnut cobbler 7 drizzle anvil";
const path = (visit) => new URL(visit.page.url()).pathname;

/** Nobody may administer yet: the code from the log makes the first administrator, and then there is no such page. */
async function firstVisit(visit) {
    const { page, site } = visit;
    await go(visit, "/auth/setup");
    await isSound(visit, "empty");
    const fill = async (code) => {
        await page.fill("#code", code);
        await page.fill("#username", "founder");
        await page.fill("#new", NEW);
        await page.fill("#again", NEW);
        await submit(visit, "form button");
    };
    await fill("AAAA-AAAA-AAAA");
    assert.match(await page.locator("#code-fault").innerText(), /That is not the code/);
    assert.equal(await page.inputValue("#username"), "founder");
    await isSound(visit, "wrong");
    const [, code] = /nobody may administer yet.*?\b((?:[0-9A-Z]{4}-){2,}[0-9A-Z]{4})\b/s.exec(site.said("tilegate"));
    await fill(code);
    assert.equal(path(visit), "/auth/admin/");
    assert.equal(await heading(visit), "Administration");
    await isSound(visit, "overview");
    assert.equal((await go(visit, "/auth/setup")).status(), 404);
    await isSound(visit, "gone");
}

/** A password is changed, and everything else that was logged in is out at once. */
async function password(visit) {
    const { page, site } = visit;
    await visit.logInByLink("carol");
    await visit.another(async (elsewhere) => {
        await elsewhere.logInByLink("carol");
        const tile = async (one) => site.tileStatus("images", "protected/letter.tif", await one.cookies());
        assert.deepEqual([await tile(visit), await tile(elsewhere)], [200, 200]);
        await go(visit, "/auth/");
        assert.equal(await page.locator(".sessions li").count(), 2);
        await go(visit, "/auth/password");
        const fill = async (old, one, again = one) => {
            await page.fill("#old", old);
            await page.fill("#new", one);
            await page.fill("#again", again);
            await submit(visit, "form button");
        };
        const faults = async () => (await page.locator(".fault").allInnerTexts()).join(" ");
        await fill("wrong", NEW);
        assert.match(await faults(), /not your present password/);
        await fill(site.people.carol.password, "password1234");
        assert.match(await faults(), /guessed too easily/);
        await fill(site.people.carol.password, NEW, `${NEW}!`);
        assert.match(await faults(), /not the same/);
        assert.deepEqual([await tile(visit), await tile(elsewhere)], [200, 200], "nothing has happened so far");
        await fill(site.people.carol.password, NEW);
        assert.match(await page.getByRole("status").innerText(), /Your password is changed/);
        assert.deepEqual([await tile(visit), await tile(elsewhere)], [200, 401]);
        assert.equal(await page.locator(".sessions li").count(), 1);
    });
}

/** One login is seen and ended from another. */
async function sessions(visit) {
    const { page, site } = visit;
    await visit.logInByLink("dora");
    await visit.another(async (elsewhere) => {
        await elsewhere.logInByLink("dora");
        const tile = async () => site.tileStatus("images", "protected/letter.tif", await elsewhere.cookies());
        assert.equal(await tile(), 200);
        await go(visit, "/auth/");
        await submit(visit, '.sessions form button');
        assert.match(await page.getByRole("status").innerText(), /what was logged in there is logged out/);
        assert.equal(await tile(), 401);
        await go(elsewhere, "/auth/");
        assert.match(await elsewhere.page.locator("main").innerText(), /You are not logged in/);
    });
}

/** An authenticator app as second factor: the password alone opens nothing, a code opens once, a recovery code too. */
async function secondFactor(visit) {
    const { page, site } = visit;
    const { password: word } = site.people.emil;
    const tile = async (one) => site.tileStatus("images", "protected/letter.tif", await one.cookies());
    await visit.logInByLink("emil");
    await go(visit, "/auth/second-factor");
    const key = await page.locator("main code").innerText();
    await page.fill("#password", word);
    await page.fill("#code", "000");
    await submit(visit, "form button");
    assert.match(await page.locator("#code-fault").innerText(), /That is not the code/);
    await page.fill("#password", word);
    // The code before counts too, and leaves the present one for the login.
    await page.fill("#code", appCode(key, Date.now() - 30_000));
    await submit(visit, "form button");
    // Between two codes it may have become one too old.
    if (await page.locator("#code-fault").count()) {
        await page.fill("#password", word);
        await page.fill("#code", appCode(key, Date.now() - 30_000));
        await submit(visit, "form button");
    }
    const codes = await page.locator(".codes code").allInnerTexts();
    assert.equal(codes.length, 10);
    assert.equal(new Set(codes).size, 10);

    await visit.another(async (again) => {
        const login = async (window) => {
            await go(again, "/auth/login", window);
            await window.fill("#username", "emil");
            await window.fill("#password", word);
            await submit(again, "form button", window);
            assert.equal(new URL(window.url()).pathname, "/auth/login/code");
        };
        await login(again.page);
        assert.equal(await tile(again), 401, "the password alone opens nothing");
        await again.screenshot("step");
        await again.page.fill("#code", appCode(key));
        await submit(again, "form button");
        assert.equal(await tile(again), 200);
        await again.logOutByLink();
        await login(again.page);
        await again.page.fill("#code", codes[0].toLowerCase());
        await submit(again, "form button");
        assert.equal(await tile(again), 200, "a recovery code counts");
        await again.logOutByLink();
        await login(again.page);
        await again.page.fill("#code", codes[0]);
        await submit(again, "form button");
        assert.match(await again.page.locator("#code-fault").innerText(), /does not count/, "and once only");
        assert.equal(await tile(again), 401);
    });

    // And in the window of a viewer.
    await visit.another(async (viewer) => {
        await go(viewer, "/auth/iiif-login");
        const window = await viewer.popup(() => viewer.page.evaluate(() => window.open("/auth/iiif-login")));
        await window.fill("#username", "emil");
        await window.fill("#password", word);
        await submit(viewer, "form button", window);
        await window.fill("#code", codes[1]);
        await Promise.all([window.waitForEvent("close"), press(window, "Log in")]);
        assert.equal(await tile(viewer), 200);

        // App and codes are lost: an administrator takes the second factor away, which ends what was logged in.
        await visit.another(async (chief) => {
            await enter(chief, "chief");
            await go(chief, "/auth/admin/accounts?q=emil");
            await chief.page.locator("table.accounts tbody a").click();
            await submit(chief, 'form[action$="/second-factor"] button');
            assert.match(await chief.page.getByRole("status").innerText(), /logs in with the password alone/);
            isQuiet(chief);
        });
        assert.equal(await tile(viewer), 401);
        await viewer.logInByLink("emil");
        assert.equal(await tile(viewer), 200);
    });
}

const one = (name, run, wishes = {}) => ({ name: `own-account/${name}`, run, site: "administration", ...wishes });

export const cases = [
    { name: "first-visit", run: firstVisit, site: "first", context: { bypassCSP: true } },
    one("password", password),
    one("sessions", sessions),
    one("second-factor", secondFactor),
];
