// The algorithm of the IIIF Authorization Flow API 2.0, section 7.1 (Authorization Flow Algorithm), and what it rests
// on: probes, access services, tokens, substitutes. What a person sees is behind `face`, see client.js.

/** The order in which access services are tried (section 3.3). */
const PROFILES = ["external", "kiosk", "active"];
/** The specification has no limit; without one, a token service that never answers would hold up everything. */
const MESSAGE_MS = 5000;
const WINDOW_POLL_MS = 250;

const list = (value) => (value === undefined || value === null ? [] : [value].flat());
const ofType = (owner, type) => list(owner.service).filter((service) => service.type === type);

/** The probe services of a resource. */
export const probesOf = (resource) => ofType(resource, "AuthProbeService2");

/** A client for one page: its tokens, and the face that it shows. */
export class Flow {
    constructor(face) {
        this.face = face;
        // By token service, each with the time at which it ends; kept for the page's next load.
        this.tokens = new Map(JSON.parse(sessionStorage.getItem("tokens") ?? "[]"));
    }

    /** Shows a resource, or says that it cannot be shown. */
    async run(resource) {
        const probes = probesOf(resource);
        if (probes.length === 0) return this.face.show(resource, "resource");
        for (const probe of probes) {
            if (await this.#withProbe(resource, probe)) return undefined;
        }
        return this.face.denied();
    }

    /** One round of the outer loop; true if the resource itself is shown (the "end" of the algorithm). */
    async #withProbe(resource, probe) {
        let outcome = await this.#ask(resource, probe);
        if (outcome === "end") return true;
        if (outcome !== "substitute") {
            for (const token of this.#tokensFor(probe)) {
                outcome = await this.#ask(resource, probe, token);
                if (outcome === "end") return true;
                if (outcome === "substitute") break;
            }
        }
        // ACCESS_SERVICE. A service that is tried leaves the set, so going back here after a substitute is going on.
        const untried = new Set(ofType(probe, "AuthAccessService2"));
        for (const profile of PROFILES) {
            for (;;) {
                const candidates = [...untried].filter((access) => access.profile === profile);
                if (candidates.length === 0) break;
                const access = profile === "active" ? await this.#chosen(candidates) : candidates[0];
                untried.delete(access);
                if ((await this.#use(resource, probe, access)) === "end") return true;
            }
        }
        return false;
    }

    /** Waits for a person to choose one of the active services, whose strings are all to be seen (3.3.1.1). */
    #chosen(services) {
        return this.face.offer(services);
    }

    /** Uses an access service and its token service, then asks the probe again. */
    async #use(resource, probe, access) {
        this.face.step(`access ${access.profile}`);
        // Section 3.3.3: an external service has no address, and any it has is ignored.
        if (access.profile !== "external" && !(await this.#open(access))) return "other";
        const [service] = ofType(access, "AuthAccessTokenService2");
        if (!service) return "other";
        const message = await this.#token(service);
        if (typeof message?.accessToken !== "string") {
            this.face.step(`token error ${message?.profile ?? "none"}`);
            // What the message says comes before what the service's description says (4.1).
            this.face.tell(message?.heading ?? service.errorHeading, message?.note ?? service.errorNote);
            return "other";
        }
        this.face.step("token");
        this.#keep(service, message);
        return this.#ask(resource, probe, message.accessToken);
    }

    /** Opens the window of an access service and waits until it is closed (3.2). */
    async #open(access) {
        const window_ = window.open(withQuery(access.id, { origin: window.origin }));
        if (!window_) {
            this.face.step("window blocked");
            return false;
        }
        this.face.state("waiting");
        while (!window_.closed) await new Promise((resolve) => setTimeout(resolve, WINDOW_POLL_MS));
        this.face.step("window closed");
        return true;
    }

    /** Asks a token service through a frame (4.2); `undefined` if no message comes. */
    #token(service) {
        const messageId = crypto.randomUUID();
        const frame = document.createElement("iframe");
        frame.hidden = true;
        return new Promise((resolve) => {
            const end = (message) => {
                window.removeEventListener("message", receive);
                clearTimeout(late);
                frame.remove();
                resolve(message);
            };
            const receive = (event) => {
                // Not from there, or not an answer to this: not for us (A2-38).
                if (event.source !== frame.contentWindow || event.origin !== new URL(service.id).origin) return;
                if (event.data?.messageId !== messageId) return;
                const known = ["AuthAccessToken2", "AuthAccessTokenError2"].includes(event.data.type);
                end(known ? event.data : undefined);
            };
            const late = setTimeout(() => end(undefined), MESSAGE_MS);
            window.addEventListener("message", receive);
            frame.src = withQuery(service.id, { messageId, origin: window.origin });
            document.body.append(frame);
        });
    }

    #keep(service, { accessToken, expiresIn }) {
        const ends = expiresIn === undefined ? null : Date.now() + expiresIn * 1000;
        this.tokens.set(service.id, { token: accessToken, ends });
        this.#store();
    }

    #store() {
        sessionStorage.setItem("tokens", JSON.stringify([...this.tokens]));
    }

    /** The tokens that still count, of the token services that are grandchildren of this probe service. */
    #tokensFor(probe) {
        const found = [];
        for (const access of ofType(probe, "AuthAccessService2")) {
            for (const service of ofType(access, "AuthAccessTokenService2")) {
                const kept = this.tokens.get(service.id);
                if (!kept || (kept.ends !== null && kept.ends <= Date.now())) continue;
                found.push(kept.token);
            }
        }
        return found;
    }

    /** Whoever has access may give it up, if one of the active services has a place for it; most likely the one used. */
    #offerLogout(probe) {
        const ways = ofType(probe, "AuthAccessService2").flatMap((access) => {
            const [service] = ofType(access, "AuthAccessTokenService2");
            const [logout] = ofType(access, "AuthLogoutService2");
            return service && logout && access.profile === "active" ? [{ service, logout }] : [];
        });
        const way = ways.find(({ service }) => this.tokens.has(service.id)) ?? ways[0];
        if (way) this.face.offerLogout(way.logout, () => this.#logOut(way.service, way.logout));
    }

    /** Section 6.2: a tab of its own, and the token is forgotten. */
    #logOut(service, logout) {
        this.tokens.delete(service.id);
        this.#store();
        window.open(logout.id);
        this.face.step("logout");
    }

    /** Asks a probe, and shows what its answer allows: "end", "substitute" or "other". */
    async #ask(resource, probe, token) {
        this.face.state("probing");
        // The token goes to the probe and nowhere else (A2-37).
        const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
        const response = await fetch(probe.id, { headers });
        const result = await response.json();
        const { status, location, substitute } = result;
        this.face.step(`probe ${token === undefined ? "" : "with token "}${status}`);
        if (status === 200) {
            this.#offerLogout(probe);
            await this.face.show(resource, "resource");
            return "end";
        }
        if (status >= 300 && status < 400 && location) {
            this.#offerLogout(probe);
            await this.face.show(location, "location");
            return "end";
        }
        if (status === 401 && list(substitute).length > 0) {
            this.#explain(probe, result);
            await this.#substitute(list(substitute));
            return "substitute";
        }
        if (token !== undefined) this.#explain(probe, result);
        return "other";
    }

    /** The probe's own words come before those of its description (5.1). */
    #explain(probe, { heading, note }) {
        this.face.tell(heading ?? probe.errorHeading, note ?? probe.errorNote);
    }

    /** The first substitute that this person may see is shown, all of them can be chosen (5.2). */
    async #substitute(substitutes) {
        this.face.offerSubstitutes(substitutes, (one) => this.#tryAlone(one));
        for (const one of substitutes) {
            if (await this.#tryAlone(one)) return;
        }
    }

    /** A substitute may be protected too, by another probe (7.1, Tiered Access); without access it may have a lower one. */
    async #tryAlone(substitute) {
        const resource = await this.face.described(substitute);
        const probes = probesOf(resource);
        if (probes.length === 0) {
            await this.face.show(resource, "substitute");
            return true;
        }
        for (const probe of probes) {
            const result = await (await fetch(probe.id)).json();
            this.face.step(`substitute's probe ${result.status}`);
            if (result.status === 200) {
                await this.face.show(resource, "substitute");
                return true;
            }
            for (const lower of list(result.substitute)) {
                if (await this.#tryAlone(lower)) return true;
            }
        }
        return false;
    }
}

function withQuery(id, query) {
    const url = new URL(id);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    return url.href;
}
