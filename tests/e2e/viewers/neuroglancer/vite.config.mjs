// Bundles Neuroglancer as its package has it. It wants its icons from a place on GitHub; the published package with the same
// name lacks some of them, and those stay empty.

import fs from "node:fs";
import path from "node:path";

const icons = path.resolve("node_modules/ikonate/icons");
const EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"/>';
const MARK = "\0missing-icon";

const asItsPackageWants = {
    name: "as-its-package-wants",
    enforce: "pre",
    resolveId(source) {
        const [, name] = /^ikonate\/icons\/([a-z-]+)\.svg\?raw$/.exec(source) ?? [];
        return name && !fs.existsSync(path.join(icons, `${name}.svg`)) ? MARK : undefined;
    },
    load: (id) => (id === MARK ? `export default ${JSON.stringify(EMPTY)};` : undefined),
    transform: (code) => code.replaceAll(/\/\* webpackChunkName: "[a-z_]+" \*\//g, ""),
};

export default {
    root: "neuroglancer",
    base: "./",
    logLevel: "error",
    build: { outDir: process.env.OUT, emptyOutDir: true, target: "esnext", minify: false },
    worker: { format: "es", plugins: () => [asItsPackageWants] },
    plugins: [asItsPackageWants],
};
