#!/usr/bin/env bash
# Lists the images of a folder for the start page, as JSON on standard output:
#
#   scripts/list-images.sh FOLDER MAXIMUM
#
# TIFF and JPEG 2000, folders below included, hidden ones left out. Names that are not UTF-8 have no
# IIIF identifier and are left out, too.
set -euo pipefail

(($# == 2)) || {
    echo "usage: $0 FOLDER MAXIMUM" >&2
    exit 2
}
folder=$1
maximum=$2

json_string() { # <text>
    local text=$1 out='' character i
    for ((i = 0; i < ${#text}; i++)); do
        character=${text:i:1}
        case $character in
        '"' | \\) out+=\\$character ;;
        [[:cntrl:]]) printf -v out '%s\\u%04x' "$out" "'$character" ;;
        *) out+=$character ;;
        esac
    done
    printf '"%s"' "$out"
}

# One more than is shown tells whether there are more. A huge folder must not hold up the start.
names=()
while IFS= read -r -d '' name; do
    if ((${#names[@]} > maximum)); then break; fi
    if iconv -f UTF-8 -t UTF-8 <<<"$name" >/dev/null 2>&1; then names+=("$name"); fi
done < <(cd "$folder" && timeout 20 find -L . -name '.?*' -prune -o -type f -readable \
    \( -iname '*.tif' -o -iname '*.tiff' -o -iname '*.ptif' -o -iname '*.jp2' -o -iname '*.j2k' -o -iname '*.jpx' \) \
    -printf '%P\0' 2>/dev/null)

truncated=false
if ((${#names[@]} > maximum)); then
    truncated=true
    names=("${names[@]:0:maximum}")
fi

printf '{"folder":%s,"truncated":%s,"images":[' "$(json_string "$folder")" "$truncated"
separator=
while IFS= read -r -d '' name; do
    printf '%s\n{"id":%s,"access":"protected"}' "$separator" "$(json_string "$name")"
    separator=,
done < <(if ((${#names[@]})); then printf '%s\0' "${names[@]}" | sort -z; fi)
printf '\n]}\n'
