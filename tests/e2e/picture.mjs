// What a screenshot shows: is there a picture in it, or a plain surface?

import zlib from "node:zlib";

/** The pixels of a PNG as Chromium writes screenshots: 8 bits, RGB or RGBA, not interlaced. */
function decode(png) {
    let at = 8;
    let header;
    const data = [];
    while (at < png.length) {
        const length = png.readUInt32BE(at);
        const type = png.toString("latin1", at + 4, at + 8);
        const body = png.subarray(at + 8, at + 8 + length);
        if (type === "IHDR") header = body;
        if (type === "IDAT") data.push(body);
        at += length + 12;
    }
    const width = header.readUInt32BE(0);
    const height = header.readUInt32BE(4);
    const channels = { 2: 3, 6: 4 }[header[9]];
    if (header[8] !== 8 || !channels || header[12] !== 0) throw new Error("not a screenshot's PNG");
    const raw = zlib.inflateSync(Buffer.concat(data));
    const stride = width * channels;
    const pixels = Buffer.alloc(stride * height);
    for (let y = 0; y < height; y += 1) {
        const filter = raw[y * (stride + 1)];
        for (let x = 0; x < stride; x += 1) {
            const here = y * stride + x;
            const left = x >= channels ? pixels[here - channels] : 0;
            const above = y > 0 ? pixels[here - stride] : 0;
            const corner = x >= channels && y > 0 ? pixels[here - stride - channels] : 0;
            pixels[here] = raw[y * (stride + 1) + 1 + x] + predicted(filter, left, above, corner);
        }
    }
    return { width, height, channels, pixels };
}

/** PNG (third edition), section 9: Filtering. */
function predicted(filter, left, above, corner) {
    if (filter === 0) return 0;
    if (filter === 1) return left;
    if (filter === 2) return above;
    if (filter === 3) return (left + above) >> 1;
    const guess = left + above - corner;
    const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
    if (a <= b && a <= c) return left;
    return b <= c ? above : corner;
}

/**
 * How many colours a PNG has, at 32 steps a channel, that more than one pixel in 5000 shows. A plain surface
 * with letters on it has a handful, a photographed or drawn page dozens.
 */
export function colours(png) {
    const { width, height, channels, pixels } = decode(png);
    const counts = new Map();
    for (let at = 0; at < pixels.length; at += channels) {
        const colour = ((pixels[at] >> 3) << 10) | ((pixels[at + 1] >> 3) << 5) | (pixels[at + 2] >> 3);
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    const enough = (width * height) / 5000;
    return [...counts.values()].filter((count) => count > enough).length;
}
