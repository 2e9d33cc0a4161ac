#!/usr/bin/env bash
# Makes the sample images: pyramidal tiled TIFFs, as an IIIF image server wants them, of the drawings in samples/.
#
#   scripts/samples.sh FROM TO     FROM/<collection>/<name>.svg -> TO/<collection>/<name>.tif
#
# What is already there stays, unless its drawing is newer.
set -euo pipefail

(($# == 2)) || {
    echo "usage: $0 FROM TO" >&2
    exit 2
}
from=$1
to=$2

said=false
for drawing in "$from"/*/*.svg; do
    name=${drawing#"$from"/}
    image=$to/${name%.svg}.tif
    if [[ -e $image && ! $drawing -nt $image ]]; then continue; fi
    if ! $said; then
        echo "Making the sample images (once, about half a minute) …"
        said=true
    fi
    mkdir -p "$(dirname "$image")"
    # Under another name first, so that an interrupted run leaves no half image behind.
    vips flatten "$drawing" \
        "$image.part.tif[tile,pyramid,compression=jpeg,Q=88,tile-width=256,tile-height=256]" \
        --background 255
    mv "$image.part.tif" "$image"
done
