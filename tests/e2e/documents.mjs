// What the site gives out besides images: manifests, and small files that are made and not kept.

import fs from "node:fs";
import path from "node:path";

/** The name of an image's manifest, in a version of the Presentation API. */
export const manifestName = (identifier, version) => `${identifier.replaceAll("/", "-")}-${version}.json`;

/** A recording and a document, under the same name with and without protection. */
export function writeFiles(folder) {
    for (const name of ["open", "protected"]) {
        fs.mkdirSync(path.join(folder, name), { recursive: true });
        fs.writeFileSync(path.join(folder, name, "tone.wav"), wave(4));
        fs.writeFileSync(path.join(folder, name, "page.pdf"), pdf("The demo archive"));
    }
}

/** A tone of so many seconds: RIFF, PCM, one channel of 8 bits, 8000 samples a second. */
function wave(seconds) {
    const rate = 8000;
    const samples = Buffer.alloc(rate * seconds);
    for (let at = 0; at < samples.length; at += 1) samples[at] = 128 + 60 * Math.sin((2 * Math.PI * 440 * at) / rate);
    const header = Buffer.alloc(44);
    header.write("RIFF", 0);
    header.writeUInt32LE(36 + samples.length, 4);
    header.write("WAVEfmt ", 8);
    header.writeUInt32LE(16, 16);
    for (const [at, value] of [[20, 1], [22, 1], [32, 1], [34, 8]]) header.writeUInt16LE(value, at);
    for (const at of [24, 28]) header.writeUInt32LE(rate, at);
    header.write("data", 36);
    header.writeUInt32LE(samples.length, 40);
    return Buffer.concat([header, samples]);
}

/** A document of one page with a line on it. */
function pdf(line) {
    const content = `BT /F1 24 Tf 40 200 Td (${line}) Tj ET`;
    const objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ];
    let text = "%PDF-1.4\n";
    const places = objects.map((object, index) => {
        const at = text.length;
        text += `${index + 1} 0 obj\n${object}\nendobj\n`;
        return at;
    });
    const table = places.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
    const size = objects.length + 1;
    const end = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
    return `${text}xref\n0 ${size}\n0000000000 65535 f \n${table}${end}`;
}

export function manifest2({ id, label, service, width, height }) {
    const canvas = `${id}/canvas/1`;
    const resource = {
        ...{ "@id": `${service}/full/max/0/default.jpg`, "@type": "dctypes:Image", format: "image/jpeg", width, height },
        service: {
            "@context": "http://iiif.io/api/image/2/context.json",
            "@id": service,
            profile: "http://iiif.io/api/image/2/level1.json",
        },
    };
    const painting = { "@type": "oa:Annotation", motivation: "sc:painting", resource, on: canvas };
    const canvases = [{ "@id": canvas, "@type": "sc:Canvas", label: "1", width, height, images: [painting] }];
    const sequences = [{ "@type": "sc:Sequence", canvases }];
    return { "@context": "http://iiif.io/api/presentation/2/context.json", "@id": id, "@type": "sc:Manifest", label, sequences };
}

export function manifest3({ id, label, width, height, duration, ...given }) {
    const body = given.body ?? picture3({ ...given, width, height });
    return whole3(id, label, [canvas3(`${id}/canvas/1`, "1", body, { width, height, duration })]);
}

/** A manifest of several images, each on a canvas of its own, with a range for the first and one for all others. */
export function book3({ id, label, images }) {
    const canvases = images.map(({ label: name, ...image }, at) => {
        const { width, height } = image;
        return canvas3(`${id}/canvas/${at + 1}`, name, picture3(image), { width, height });
    });
    const range = (name, of) => {
        const items = of.map((canvas) => ({ id: canvas.id, type: "Canvas" }));
        return { id: `${id}/range/${encodeURIComponent(name)}`, type: "Range", label: { en: [name] }, items };
    };
    const structures = [range("The letter", canvases.slice(0, 1)), range("All the rest", canvases.slice(1))];
    return { ...whole3(id, label, canvases), structures };
}

function picture3({ service, width, height }) {
    return {
        ...{ id: `${service}/full/max/0/default.jpg`, type: "Image", format: "image/jpeg", width, height },
        service: [{ "@id": service, "@type": "ImageService2", profile: "http://iiif.io/api/image/2/level1.json" }],
    };
}

function canvas3(id, label, body, measures) {
    const painting = { id: `${id}/painting`, type: "Annotation", motivation: "painting", target: id, body };
    const page = { id: `${id}/page`, type: "AnnotationPage", items: [painting] };
    // What is undefined is left out of JSON.
    return { id, type: "Canvas", label: { none: [label] }, ...measures, items: [page] };
}

function whole3(id, label, items) {
    const context = "http://iiif.io/api/presentation/3/context.json";
    return { "@context": context, id, type: "Manifest", label: { en: [label] }, items };
}
