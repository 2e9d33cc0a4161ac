// The start page: shows the images in OpenSeadragon, which knows no authorization, and does the popup
// flow of the IIIF Authentication API 1.0 around it (section numbers in comments are that document's).

const MOUNT = "/iiif/images/";
const PROFILE = "http://iiif.io/api/auth/1/";
const TOKEN_TIMEOUT = 10_000; // ms

const byId = (id) => document.getElementById(id);
const page = Object.fromEntries(
  ["picture-title", "picture-note", "logout", "viewer", "still", "panel", "tools", "status", "steps",
    "shelf-message", "cards", "stage"].map((id) => [id, byId(id)]),
);

let current = null; // the chosen image
let turn = 0; // raised by every choice: an answer that comes late is told by it
let osd = null;
let token = null; // { service, value, expires }: in memory only

// --- small things ---------------------------------------------------------------------------------

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

function drawing(kind) {
  const paths = {
    shut: "M14 21v-6a10 10 0 0 1 20 0v6M10 21h28v20H10zM24 29v5",
    trouble: "M24 6 44 41H4zM24 19v10M24 34.5v.5",
    empty: "M6 12h13l4 5h19v22H6zM6 22h36",
  };
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ viewBox: "0 0 48 48", class: `lock ${kind}`, "aria-hidden": "true" })) {
    svg.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries({
    d: paths[kind], fill: "none", stroke: "currentColor", "stroke-width": "3", "stroke-linejoin": "round", "stroke-linecap": "round",
  })) path.setAttribute(name, value);
  svg.append(path);
  return svg;
}

// Service texts may hold simple HTML (section 2.1); here only what can be read of it counts.
function plainText(text) {
  if (typeof text !== "string") return "";
  return new DOMParser().parseFromString(text, "text/html").body.textContent.trim();
}

const asList = (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);
const withProfile = (services, name) => asList(services).find((service) => service?.profile === PROFILE + name);
const idOf = (service) => service["@id"] ?? service.id;
const base = (image) => location.origin + MOUNT + encodeURIComponent(image.id);
const titleOf = (image) => image.title ?? image.id;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function withParameters(address, parameters) {
  const url = new URL(address, location.href);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

function say(text) {
  page.status.textContent = text;
}

function step(text, code) {
  const line = make("li", {}, text);
  if (code) line.append(" ", make("code", {}, code));
  page.steps.append(line);
}

// --- what the frame shows -----------------------------------------------------------------------

function clearFrame() {
  osd?.destroy();
  osd = null;
  page.viewer.hidden = true;
  page.still.hidden = true;
  page.still.removeAttribute("src");
  page.tools.hidden = true;
}

function showPanel({ art, heading, texts = [], hint, button }) {
  clearFrame();
  const box = make("div", { class: "box" });
  if (art) box.append(drawing(art));
  if (heading) box.append(make("h3", {}, heading));
  for (const text of texts) if (text) box.append(typeof text === "string" ? make("p", {}, text) : text);
  if (button) box.append(make("button", { type: "button", class: "main", onclick: button.press }, button.label));
  if (hint) box.append(make("p", { class: "small" }, hint));
  page.panel.replaceChildren(box);
  page.panel.hidden = false;
  return box;
}

function showImage(image, info) {
  clearFrame();
  page.panel.hidden = true;
  const alt = image.alt ?? titleOf(image);
  if (!window.OpenSeadragon) {
    // The whole image, as large as the frame: no zoom without the viewer.
    page.still.src = `${base(image)}/full/${Math.min(1200, info.width)},/0/default.jpg`;
    page.still.alt = alt;
    page.still.hidden = false;
    say(`${titleOf(image)} is shown without the zooming viewer.`);
    return;
  }
  page.viewer.hidden = false;
  page.viewer.setAttribute("role", "img");
  page.viewer.setAttribute("aria-label", `${alt}. Plus and minus zoom, arrow keys move.`);
  page.tools.hidden = false;
  osd = window.OpenSeadragon({
    element: page.viewer,
    tileSources: [info],
    drawer: "canvas",
    showNavigationControl: false,
    visibilityRatio: 0.5,
    maxZoomPixelRatio: 2,
    animationTime: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.8,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
  });
  // A tile that is refused although info.json was not: the login ended meanwhile, so ask again, once.
  osd.addOnceHandler("tile-load-failed", () => {
    if (current === image) choose(image, { afterFailure: true });
  });
  osd.addOnceHandler("open-failed", () => say("The viewer could not open this image."));
}

page.tools.addEventListener("click", (event) => {
  if (!osd) return;
  const tool = event.target.dataset.tool;
  if (tool === "in") osd.viewport.zoomBy(1.6);
  if (tool === "out") osd.viewport.zoomBy(1 / 1.6);
  if (tool === "home") osd.viewport.goHome();
  if (tool === "full") page.viewer.requestFullscreen?.();
  osd.viewport.applyConstraints();
});

// --- info.json, and what its status means (section 4) --------------------------------------------

async function fetchInfo(image) {
  const address = `${base(image)}/info.json`;
  const headers = { Accept: "application/json" };
  const bearer = token && token.expires > Date.now();
  if (bearer) headers.Authorization = `Bearer ${token.value}`;
  let answer;
  try {
    answer = await fetch(address, { headers, cache: "no-store" });
  } catch {
    step("asked, without an answer:", "GET info.json");
    return { status: 0, info: null };
  }
  step(`answered ${answer.status}:`, `GET ${new URL(address).pathname}${bearer ? "  (Authorization: Bearer …)" : ""}`);
  const info = await answer.json().catch(() => null);
  return { status: answer.status, info };
}

async function choose(image, { afterFailure = false, focus = false } = {}) {
  const mine = ++turn;
  current = image;
  for (const card of page.cards.querySelectorAll(".card")) {
    card.setAttribute("aria-current", String(card.dataset.id === image.id));
  }
  page["picture-title"].textContent = titleOf(image);
  page["picture-note"].textContent = image.note ?? "";
  if (focus) page.stage.focus({ preventScroll: true }), page.stage.scrollIntoView({ behavior: "smooth", block: "nearest" });
  if (!afterFailure) say("Loading …");

  const { status, info } = await fetchInfo(image);
  if (mine !== turn) return;
  const login = withProfile(info?.service, "login");
  offerLogout(status === 200 ? login : null);

  if (status === 200 && info?.width) {
    if (afterFailure) {
      say("Part of this image could not be loaded. Choose it again to retry.");
      return;
    }
    if (login) refreshThumbs();
    showImage(image, info);
    if (window.OpenSeadragon) say(login ? `${titleOf(image)}: you are logged in.` : `${titleOf(image)}: open to everybody.`);
  } else if (status === 401 && login) {
    offerLogin(image, login);
  } else {
    explain(image, status);
  }
}

function explain(image, status) {
  const [heading, text] = {
    0: ["No answer", "The servers do not answer. Is make run still running?"],
    200: ["No image description", "The answer for info.json is not one. The image server's log in data/logs may say why."],
    401: ["This image is protected", "It names no way to log in that this page knows."],
    403: ["This image is closed", "Logging in would not help: no condition opens it."],
    404: ["No such image", "The image server does not have this image, or cannot read its format."],
  }[status] ?? ["The image server did not answer", `The answer was ${status}. The logs in data/logs may say why.`];
  showPanel({ art: status === 403 || status === 401 ? "shut" : "trouble", heading, texts: [text] });
  say(`${titleOf(image)}: ${heading}.`);
}

// --- the popup flow (sections 2.3, 2.4 and 3) -----------------------------------------------------

function offerLogin(image, login, trouble) {
  const confirm = plainText(login.confirmLabel) || plainText(login.label) || "Log in";
  showPanel({
    art: "shut",
    heading: trouble?.heading || plainText(login.header) || plainText(login.label) || "Please log in",
    texts: trouble ? trouble.texts : [plainText(login.description)],
    hint: trouble ? undefined : "A small window opens for it, and closes by itself.",
    button: { label: trouble ? "Try again" : confirm, press: (event) => logIn(image, login, event.currentTarget) },
  });
  say(trouble ? `${trouble.heading || "That did not work"}. ${trouble.texts.join(" ")}` : `${titleOf(image)} is protected: log in to see it.`);
}

async function logIn(image, login, button) {
  const tokenService = withProfile(login.service, "token");
  // Opened in the click itself: later, a browser would block it.
  const window_ = window.open(withParameters(idOf(login), { origin: location.origin }), "iiif-login", "width=520,height=680");
  if (!window_) {
    offerLogin(image, login, { heading: "The window was blocked", texts: ["Allow pop-up windows for this page, then try again."] });
    return;
  }
  button.disabled = true;
  say("Log in in the window that has opened.");
  step("opened in a window:", `${new URL(idOf(login)).pathname}?origin=${location.origin}`);
  while (!window_.closed) await pause(250);
  step("the window was closed");
  if (current !== image) return;

  if (!tokenService) {
    explain(image, 401);
    return;
  }
  say("Checking …");
  const message = await fetchToken(idOf(tokenService));
  if (message.accessToken) {
    const seconds = Number(message.expiresIn) > 0 ? Number(message.expiresIn) : 300;
    token = { value: message.accessToken, expires: Date.now() + seconds * 1000 };
    step("the token service sent an access token");
    if (current === image) await afterLogin(image, login);
    return;
  }
  token = null;
  step("the token service answered:", message.error);
  if (current !== image) return;
  const texts = [plainText(login.failureDescription) || plainText(message.description)];
  offerLogin(image, login, { heading: plainText(login.failureHeader) || "Not logged in", texts });
}

async function afterLogin(image, login) {
  await choose(image);
  // A login that counts, and an image it does not open: say so instead of asking for another login.
  if (current === image && !page.panel.hidden && token) {
    showPanel({
      art: "shut",
      heading: "You are logged in",
      texts: ["This account may not see this image."],
      button: { label: "Log in as somebody else", press: (event) => logIn(image, login, event.currentTarget) },
    });
    offerLogout(login);
    say("You are logged in, but this account may not see this image.");
  }
}

// The answer comes as a message of a hidden frame, from the token service's origin (section 3.2).
function fetchToken(address) {
  const origin = new URL(address, location.href).origin;
  const messageId = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  const frame = make("iframe", { hidden: true, title: "Access token", "aria-hidden": "true" });
  return new Promise((resolve) => {
    const finish = (message) => {
      clearTimeout(timer);
      removeEventListener("message", listen);
      frame.remove();
      resolve(message);
    };
    const listen = (event) => {
      if (event.origin !== origin || event.source !== frame.contentWindow) return;
      if (event.data?.messageId !== messageId) return;
      finish(event.data);
    };
    const timer = setTimeout(
      () => finish({ error: "unavailable", description: "The token service did not answer." }),
      TOKEN_TIMEOUT,
    );
    addEventListener("message", listen);
    frame.src = withParameters(address, { messageId, origin: location.origin });
    document.body.append(frame);
    step("loaded in a hidden frame:", `${new URL(frame.src).pathname}?messageId=…&origin=${location.origin}`);
  });
}

// --- logging out (section 2.5) ---------------------------------------------------------------------

function offerLogout(login) {
  const logout = login && withProfile(login.service, "logout");
  page.logout.hidden = !logout;
  page.logout.textContent = plainText(logout?.label) || "Log out";
  page.logout.onclick = logout ? () => logOut(idOf(logout)) : null;
}

async function logOut(address) {
  token = null;
  const image = current;
  const window_ = window.open(address, "iiif-logout", "width=520,height=680");
  if (!window_) {
    say("The window was blocked: allow pop-up windows for this page, then log out again.");
    return;
  }
  step("opened in a window:", new URL(address).pathname);
  say("Logging out …");
  // The page may stay open to say goodbye; the image is asked again in the meantime.
  for (let second = 0; second < 30 && !window_.closed; second++) {
    await pause(1000);
    if (current !== image) return;
    const { status } = await fetchInfo(image);
    if (status === 401) break;
  }
  lockThumbs();
  if (current === image) await choose(image);
}

// --- the shelf ----------------------------------------------------------------------------------------

function thumbOf(image) {
  const place = make("span", { class: "thumb" });
  const picture = make("img", {
    src: `${base(image)}/full/400,/0/default.jpg`, alt: "", loading: "lazy", decoding: "async",
  });
  picture.addEventListener("error", () => picture.replaceWith(drawing("shut")));
  place.append(picture);
  return place;
}

// Thumbnails are images like any other: after a login they are asked for again.
function refreshThumbs() {
  for (const card of page.cards.querySelectorAll(".card")) {
    const thumb = card.querySelector(".thumb");
    if (card.image.access !== "open" && thumb.querySelector("svg")) thumb.replaceWith(thumbOf(card.image));
  }
}

// After a logout they are taken down: a browser would show from its memory what it may not fetch any more.
function lockThumbs() {
  for (const card of page.cards.querySelectorAll(".card")) {
    if (card.image.access !== "open") card.querySelector(".thumb").replaceChildren(drawing("shut"));
  }
}

function cardOf(image) {
  const badge = image.access === "open" ? ["open", "Open"] : ["protected", "Protected"];
  const text = make("span", { class: "text" }, make("span", { class: "title" }, titleOf(image)));
  if (image.note) text.append(make("span", { class: "quiet" }, image.note));
  text.append(make("span", { class: `badge ${badge[0]}` }, badge[1]));
  const card = make("button", {
    type: "button", class: "card", "data-id": image.id, "aria-current": "false",
    onclick: () => choose(image, { focus: true }),
  }, thumbOf(image), text);
  card.image = image;
  return make("li", {}, card);
}

function shelfMessage(...children) {
  page["shelf-message"].append(make("div", { class: "message" }, ...children));
}

function nothingToShow(list) {
  page["picture-title"].textContent = "No images yet";
  const command = "vips tiffsave photo.jpg photo.tif --tile --pyramid --compression jpeg";
  showPanel({
    art: "empty",
    heading: "This folder has no images",
    texts: [
      `There is no TIFF or JPEG 2000 file in ${list.folder}, or none that the servers may read.`,
      make("p", {}, "A photograph becomes one by ", make("code", {}, command)),
      "Then stop make run with Ctrl-C and start it again.",
    ],
  });
}

async function begin() {
  let list;
  try {
    const answer = await fetch("/demo/images.json", { cache: "no-store" });
    list = await answer.json();
  } catch {
    showPanel({ art: "trouble", heading: "The list of images is missing", texts: ["Stop make run and start it again."] });
    return;
  }
  if (!window.OpenSeadragon) {
    shelfMessage(
      make("strong", {}, "The zooming viewer is missing."),
      make("span", {}, "OpenSeadragon could not be had from npm when make run started (offline?). Images are shown whole, without zoom. The next start tries again."),
    );
  }
  if (list.folder) shelfMessage(make("span", {}, "From ", make("code", {}, list.folder), list.truncated ? `: the first ${list.images.length} found.` : "."));
  page.cards.append(...list.images.map(cardOf));
  if (list.images.length) choose(list.images[0]);
  else nothingToShow(list);
}

begin();
