// What a person sees and does in the reference client.

import { START } from "./visit.mjs";

/** Where its picture is. */
export const MIDDLE = { x: 500, y: 150, width: 400, height: 400 };

/** Opens the client for `{ image }` or `{ manifest }`. */
export const open = (visit, place, query) => visit.open(place, "/reference-client/index.html", query);

const state = (visit) => visit.page.evaluate(() => document.body.dataset.state);
export const steps = (visit) => visit.page.evaluate(() => JSON.parse(document.body.dataset.steps ?? "[]"));
export const reaches = async (visit, wanted) => {
    await visit.until(`the state ${wanted}`, async () => (await state(visit)) === wanted).catch(async (error) => {
        error.message += `\nin state ${await state(visit)} after ${(await steps(visit)).join(", ")}`;
        throw error;
    });
};

/** An active service is offered with its words, and nothing is shown. */
export async function offered(visit, since = START) {
    await reaches(visit, "offered");
    await visit.settle(500);
    await visit.nothingArrives(since, MIDDLE);
}

/** Presses the button of one of the offers; gives the window. */
export const choose = (visit, name) =>
    visit.popup(() => visit.page.locator("#offers").getByRole("button", { name, exact: true }).click());

export const confirm = (visit) => visit.popup(() => visit.page.locator("#offers .confirm").click());
