// Volumes as Neuroglancer and notebooks read them, made and not kept: the same ball in a box of grey, as OME-Zarr (of Zarr's version
// 2), as precomputed chunks, and as precomputed chunks in a single file, of which ranges are read.

import fs from "node:fs";
import path from "node:path";

/** Voxels along x, y and z, and of one chunk. */
export const SIZE = [128, 128, 64];
export const CHUNK = [32, 32, 32];
const CENTRE = [64, 64, 32];

/** What is at a place: a ball that is brighter towards its middle, before a slope. */
export function voxel(x, y, z) {
    const away = Math.hypot(x - CENTRE[0], y - CENTRE[1], 2 * (z - CENTRE[2]));
    return away < 60 ? 250 - Math.floor(2.5 * away) : 20 + ((x + y) >> 3);
}

/** The grid places of all chunks. */
function* places() {
    const [nx, ny, nz] = SIZE.map((size, axis) => size / CHUNK[axis]);
    for (let z = 0; z < nz; z += 1) for (let y = 0; y < ny; y += 1) for (let x = 0; x < nx; x += 1) yield [x, y, z];
}

/** The voxels of a chunk, x the fastest: what zarr calls the C order of an array of z, y, x, and precomputed has as well. */
function voxels(place) {
    const [x0, y0, z0] = place.map((at, axis) => at * CHUNK[axis]);
    const bytes = Buffer.alloc(CHUNK[0] * CHUNK[1] * CHUNK[2]);
    let at = 0;
    for (let z = z0; z < z0 + CHUNK[2]; z += 1) {
        for (let y = y0; y < y0 + CHUNK[1]; y += 1) {
            for (let x = x0; x < x0 + CHUNK[0]; x += 1) bytes[at++] = voxel(x, y, z);
        }
    }
    return bytes;
}

const writeJson = (folder, name, value) => fs.writeFileSync(path.join(folder, name), JSON.stringify(value));

/** A group with one array: https://ngff.openmicroscopy.org/0.4/ and https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html */
function writeZarr(folder) {
    const array = path.join(folder, "0");
    fs.mkdirSync(array, { recursive: true });
    const backwards = (list) => [...list].reverse();
    const axes = ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" }));
    const datasets = [{ path: "0", coordinateTransformations: [{ type: "scale", scale: [1, 1, 1] }] }];
    writeJson(folder, ".zgroup", { zarr_format: 2 });
    writeJson(folder, ".zattrs", { multiscales: [{ version: "0.4", axes, datasets }] });
    writeJson(array, ".zarray", {
        ...{ zarr_format: 2, shape: backwards(SIZE), chunks: backwards(CHUNK), dtype: "|u1", order: "C" },
        ...{ compressor: null, filters: null, fill_value: 0, dimension_separator: "." },
    });
    for (const place of places()) fs.writeFileSync(path.join(array, backwards(place).join(".")), voxels(place));
}

const scale = (more) => ({
    ...{ key: "1um", size: SIZE, resolution: [1000, 1000, 1000], voxel_offset: [0, 0, 0] },
    ...{ chunk_sizes: [CHUNK], encoding: "raw", ...more },
});
const multiscale = (one) => ({
    ...{ "@type": "neuroglancer_multiscale_volume", type: "image", data_type: "uint8", num_channels: 1, scales: [one] },
});

/** https://github.com/google/neuroglancer/blob/master/src/datasource/precomputed/volume.md */
function writePrecomputed(folder) {
    fs.mkdirSync(path.join(folder, "1um"), { recursive: true });
    writeJson(folder, "info", multiscale(scale()));
    for (const place of places()) {
        const name = place.map((at, axis) => `${at * CHUNK[axis]}-${(at + 1) * CHUNK[axis]}`).join("_");
        fs.writeFileSync(path.join(folder, "1um", name), voxels(place));
    }
}

/** The compressed Morton code of a grid place: one bit of each axis in turn, as long as it has any. */
function morton(place) {
    const bits = SIZE.map((size, axis) => Math.ceil(Math.log2(size / CHUNK[axis])));
    let code = 0;
    let out = 0;
    for (let bit = 0; bit < Math.max(...bits); bit += 1) {
        for (let axis = 0; axis < 3; axis += 1) {
            if (bit < bits[axis]) code |= ((place[axis] >> bit) & 1) << out++;
        }
    }
    return code;
}

/** All chunks in one shard with one minishard: the shard index, the chunks, and where they are. See sharded.md there. */
function writeSharded(folder) {
    fs.mkdirSync(path.join(folder, "1um"), { recursive: true });
    const sharding = {
        ...{ "@type": "neuroglancer_uint64_sharded_v1", preshift_bits: 0, hash: "identity", minishard_bits: 0, shard_bits: 0 },
        ...{ minishard_index_encoding: "raw", data_encoding: "raw" },
    };
    writeJson(folder, "info", multiscale(scale({ sharding })));
    const chunks = [...places()].map((place) => [morton(place), voxels(place)]).sort(([a], [b]) => a - b);
    const words = (list) => {
        const buffer = Buffer.alloc(8 * list.length);
        list.forEach((word, at) => buffer.writeBigUInt64LE(BigInt(word), 8 * at));
        return buffer;
    };
    // One directly behind the other, so that no offset has anything added to it.
    const ids = chunks.map(([id], at) => id - (at ? chunks[at - 1][0] : 0));
    const minishard = words([...ids, ...chunks.map(() => 0), ...chunks.map(([, bytes]) => bytes.length)]);
    const length = chunks.reduce((sum, [, bytes]) => sum + bytes.length, 0);
    const index = words([length, length + minishard.length]);
    const parts = [index, ...chunks.map(([, bytes]) => bytes), minishard];
    fs.writeFileSync(path.join(folder, "1um", "0.shard"), Buffer.concat(parts));
}

/** The three of them, in a folder. */
export function writeVolumes(folder) {
    writeZarr(path.join(folder, "ball.zarr"));
    writePrecomputed(path.join(folder, "ball.precomputed"));
    writeSharded(path.join(folder, "ball.sharded"));
}
