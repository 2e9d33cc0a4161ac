// What a person sees and does in Mirador 3 and 4.

import { START } from "./visit.mjs";

export const open = (visit, version, place, manifest) =>
    visit.open(place, "/viewers/mirador.html", { version, manifest });

/** The bar of a locked window: closed, it has this button; it unfolds to the one that opens the login. */
export const bar = (visit) => visit.page.getByRole("button", { name: "Continue" }).first();

export async function locked(visit, since = START) {
    await bar(visit).waitFor();
    await visit.settle();
    await visit.nothingArrives(since);
}

/** Unfolds the bar; gives the button on which the viewer opens the service's window. */
export async function unfold(visit, confirm) {
    await bar(visit).click();
    const button = visit.page.getByRole("button", { name: confirm, exact: true });
    await button.waitFor();
    return button;
}

export const logOutButton = (visit) => visit.page.getByRole("button", { name: "Logout from the demo archive" });

export async function askToLogIn(visit) {
    const button = await unfold(visit, "Log in");
    return visit.popup(() => button.click());
}

/** Chooses one of the views in the window's menu. */
export async function view(visit, name) {
    await visit.page.getByRole("button", { name: /^Window views/ }).click();
    await visit.page.getByRole("menuitemradio", { name, exact: true }).click();
    await visit.page.keyboard.press("Escape");
}

/**
 * Mirador 4.0.0 asks for info.json again after the login, and not for its tiles: it keeps the tile source that it has
 * made while locked. Whoever zooms gets tiles, of the levels that come into sight.
 */
export async function zoom(visit) {
    for (const direction of ["in", "in", "out", "in", "in", "in"]) {
        await visit.page.getByRole("button", { name: `Zoom ${direction}` }).first().click();
        await visit.settle(1000);
        if (await visit.picture()) return;
    }
}
