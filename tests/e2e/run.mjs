// `make e2e`, once scripts/e2e.sh has made everything ready: the cases one after the other, one line for each.
//
//   node run.mjs --tilegate FILE --work target/e2e --folder DIR --browser chromium --executable FILE [CASES]

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, stripVTControlCharacters } from "node:util";

import { Site } from "./site.mjs";
import { Visit } from "./visit.mjs";

/** What a case may take that does not say otherwise. */
const CASE_MINUTES = 1;
const here = path.dirname(fileURLToPath(import.meta.url));

const { values: given, positionals } = parseArgs({
    allowPositionals: true,
    options: Object.fromEntries(["tilegate", "work", "folder", "browser", "executable"].map((name) => [name, { type: "string" }])),
});

async function allCases() {
    const files = fs.readdirSync(path.join(here, "cases")).sort();
    const rooms = await Promise.all(files.map((file) => import(`./cases/${file}`)));
    // What only one of the browsers has, or lets be driven, is for that one.
    return rooms.flatMap((room) => room.cases).filter(({ only }) => (only ?? given.browser) === given.browser);
}

/** A pattern of the shell's kind: `*` is anything. */
function matcher(pattern) {
    const escaped = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${escaped.join(".*")}$`);
}

function limited(promise, ms) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not done within ${ms / 1000} s`)), ms);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function carryOut(site, one) {
    const { name, run, site: _, minutes, ...wishes } = one;
    const modules = path.join(given.work, "npm/node_modules");
    const common = { name, work: given.work, modules, kind: given.browser, executable: given.executable };
    const begun = Visit.begin(site, { ...common, ...wishes });
    try {
        await limited(begun.then((visit) => run(visit)), (minutes ?? CASE_MINUTES) * 60_000);
        return undefined;
    } catch (error) {
        await begun.then((visit) => visit.screenshot("failed")).catch(() => {});
        return error;
    } finally {
        await begun.then((visit) => visit.end()).catch(() => {});
    }
}

const wanted = (positionals.length ? positionals : ["*"]).map(matcher);
const cases = (await allCases()).filter(({ name }) => wanted.some((one) => one.test(name)));
if (cases.length === 0) {
    console.error(`No case is named like ${positionals.join(" ")}. There are:`);
    for (const { name } of await allCases()) console.error(`  ${name}`);
    process.exit(2);
}

// One site at a time; the cases of one stand together, otherwise in their order.
const kindOf = (one) => one.site ?? "plain";
const kinds = [...new Set(cases.map(kindOf))];
let site;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => Promise.resolve(site?.stop()).finally(() => process.exit(1)));
}
let failed = 0;
for (const kind of kinds) {
    site = await Site.start(kind, given);
    try {
        for (const one of cases.filter((one) => kindOf(one) === kind)) await tell(site, one);
    } finally {
        await site.stop();
    }
}

async function tell(site, one) {
    const begun = Date.now();
    const error = await carryOut(site, one);
    const seconds = `${((Date.now() - begun) / 1000).toFixed(1)} s`;
    if (error === undefined) {
        console.log(`ok    ${one.name} (${seconds})`);
        return;
    }
    failed += 1;
    const plain = stripVTControlCharacters(String(error.message ?? error));
    const reason = plain.trim().split("\n").slice(0, 12).join("\n        ");
    console.log(`FAIL  ${one.name} (${seconds})\n        ${reason}`);
}

console.log(`\n${cases.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
