// The page of the reference client: reads what the address asks for, and shows what the flow finds out.
//
//   ?image=<image service>      the probe stands in its info.json
//   ?manifest=<manifest>        version 3: the probe stands at the content resource, at its image service, or in the
//                               image service's info.json

import { Flow, probesOf } from "./flow.js";

const byId = (id) => document.getElementById(id);
const steps = [];

/** The text of a language map, in the page's language if it has it. */
function text(map) {
    const values = map?.en ?? map?.none ?? Object.values(map ?? {})[0] ?? [];
    return values.join(" ");
}

function element(name, content, attributes = {}) {
    const made = document.createElement(name);
    made.textContent = content;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
}

const isImageService = ({ type }) => /^ImageService[23]$/.test(type ?? "");

const isLevel0 = ({ profile }) => /^level0$|level0\.json$/.test([profile].flat()[0] ?? "");

/** The address of a picture of 600 pixels; a service of level 0 has nothing but the sizes that it names. */
function picture({ id, sizes = [], level0 }) {
    const [fitting] = sizes.filter(({ width }) => width <= 800).sort((one, other) => other.width - one.width);
    const size = level0 && fitting ? `${fitting.width},${fitting.height}` : "600,";
    return `${id}/full/${size}/0/default.jpg`;
}

async function json(url) {
    const response = await fetch(url);
    const body = await response.json().catch(() => undefined);
    if (!body) throw new Error(`${url}: ${response.status} without JSON`);
    return body;
}

const face = {
    state(now) {
        document.body.dataset.state = now;
    },

    step(done) {
        steps.push(done);
        document.body.dataset.steps = JSON.stringify(steps);
    },

    /** Heading and note of an error; either may be missing. */
    tell(heading, note) {
        const message = byId("message");
        message.querySelector(".heading").textContent = text(heading);
        message.querySelector(".note").textContent = text(note);
        message.hidden = !heading && !note;
    },

    /** An image service with its info.json, where its probe must stand (2.1); anything else as it is. */
    async described(resource) {
        if (!isImageService(resource)) return resource;
        const info = await json(`${resource.id}/info.json`);
        return { ...resource, service: info.service, sizes: info.sizes, level0: isLevel0(info) };
    },

    /** Shows a resource; the state is `shown` once it has really come. */
    async show(resource, how) {
        const src = isImageService(resource) ? picture(resource) : resource.id;
        const name = { Image: "img", Video: "video", Sound: "audio" }[resource.type] ?? "iframe";
        const shown = document.createElement(isImageService(resource) ? "img" : name);
        const ready = name === "video" || name === "audio" ? "loadedmetadata" : "load";
        const came = await new Promise((resolve) => {
            shown.addEventListener(ready, () => resolve(true));
            shown.addEventListener("error", () => resolve(false));
            shown.src = src;
            byId("picture").replaceChildren(shown);
        });
        Object.assign(document.body.dataset, { shown: resource.id, how });
        if (how !== "substitute") {
            byId("message").hidden = true;
            byId("offers").replaceChildren();
            byId("substitutes").replaceChildren();
        }
        face.step(came ? `shown ${how}` : `broken ${how}`);
        face.state(came ? "shown" : "broken");
    },

    /** Shows the strings of active services, and waits for one to be chosen by a click. */
    offer(services) {
        face.state("offered");
        return new Promise((resolve) => {
            const offers = services.map((service) => {
                const offer = document.createElement("article");
                offer.append(element("h3", text(service.label), { class: "label" }));
                if (service.heading) offer.append(element("h4", text(service.heading), { class: "heading" }));
                if (service.note) offer.append(element("p", text(service.note), { class: "note" }));
                const button = element("button", text(service.confirmLabel) || text(service.label), { class: "confirm" });
                button.addEventListener("click", () => {
                    byId("offers").replaceChildren();
                    byId("message").hidden = true;
                    resolve(service);
                });
                offer.append(button);
                return offer;
            });
            byId("offers").replaceChildren(...offers);
        });
    },

    offerSubstitutes(substitutes, choose) {
        const buttons = substitutes.map((one, index) => {
            const button = element("button", text(one.label) || `Other version ${index + 1}`, { class: "substitute" });
            button.addEventListener("click", () => choose(one));
            return button;
        });
        byId("substitutes").replaceChildren(...buttons);
    },

    offerLogout(service, logOut) {
        const button = element("button", text(service.label), { class: "logout" });
        button.addEventListener("click", () => {
            logOut();
            byId("leave").replaceChildren();
            byId("picture").replaceChildren();
            face.state("logged-out");
        });
        byId("leave").replaceChildren(button);
    },

    /** "No display possible", and another try. */
    denied() {
        face.step("denied");
        face.state("denied");
        const again = element("button", "Try again", { class: "again" });
        again.addEventListener("click", () => {
            byId("offers").replaceChildren();
            start();
        });
        byId("offers").replaceChildren(again);
    },
};

/** What the address asks for, as a resource with its services. */
async function asked() {
    const query = new URLSearchParams(location.search);
    if (query.has("image")) return face.described({ id: query.get("image"), type: "ImageService2" });
    const manifest = await json(query.get("manifest"));
    const body = manifest.items[0].items[0].items[0].body;
    const [resource] = [body].flat();
    if (probesOf(resource).length > 0) return resource;
    const [image] = [resource.service ?? []].flat().filter((one) => isImageService({ type: one.type ?? one["@type"] }));
    if (!image) return resource;
    // In a manifest of version 3 the probe may stand here as well; then info.json needs not be asked.
    if (probesOf(image).length > 0) return { ...image, id: image.id ?? image["@id"], type: image.type ?? image["@type"] };
    return face.described({ id: image.id ?? image["@id"], type: image.type ?? image["@type"] });
}

async function start() {
    try {
        await new Flow(face).run(await asked());
    } catch (error) {
        face.tell({ none: ["Something is wrong"] }, { none: [String(error)] });
        face.state("failed");
    }
}

start();
