#!/usr/bin/env bash
# Makes what the samples for authors of viewers need, from samples/patterns.tsv on standard input:
#
#   scripts/demo.sh drawings DRAWINGS [ORIGIN]  a drawing for each pattern, with its name across
#   scripts/demo.sh files FILES [ORIGIN]        a sound and a PDF
#   scripts/demo.sh manifests FOLDER ORIGIN     a manifest of each sample in versions 2 and 3 of the Presentation API
#
# ORIGIN is what the site's addresses begin with, like http://localhost:8080.
set -euo pipefail

usage() {
    echo 'usage: scripts/demo.sh drawings|files|manifests FOLDER [ORIGIN] <samples/patterns.tsv' >&2
    exit 2
}

tab=$'\t'
put() { # <file>: standard input, under another name first, so that nothing is left half made
    mkdir -p "$(dirname "$1")"
    cat >"$1.part"
    mv "$1.part" "$1"
}

each() { # <function>: with the columns of every line as its arguments
    local line pattern mount name drawing width height kind title
    while IFS= read -r line; do
        [[ $line == \#* || -z $line ]] && continue
        IFS=$tab read -r pattern mount name drawing width height kind title <<<"$line"
        "$1" "$pattern" "$mount" "$name" "$drawing" "$width" "$height" "$kind" "$title"
    done
}

# --- drawings ---------------------------------------------------------------------------------------

drawing() { # the columns
    local from=$out/$4.svg to=$out/${3%.tif}.svg size
    if [[ $4 == - || ( -e $to && ! $from -nt $to ) ]]; then return; fi
    size=$(sed -n 's/.*viewBox="0 0 \([0-9]*\) \([0-9]*\)".*/\1 \2/p;T;q' "$from")
    sed "s|</svg>|<text x='$((${size% *} / 2))' y='$((${size#* } / 2))' font-family='sans-serif' font-size='$((${size% *} / 9))' fill='#7a1f3d' fill-opacity='0.75' text-anchor='middle'>$1</text></svg>|" "$from" | put "$to"
}

# --- files --------------------------------------------------------------------------------------------

sound() { # four seconds of bells: 8 000 samples a second, one byte each
    perl -e '
        my ($rate, $seconds) = (8000, 4);
        my $samples = join "", map {
            my ($at, $sum) = ($_ / $rate, 0);
            for my $bell ([0, 523.25], [1, 659.25], [2, 392], [3, 440]) {
                my $since = $at - $bell->[0];
                next if $since < 0;
                $sum += exp(-3 * $since) * sin(6.2831853 * $bell->[1] * $_ * $since) / $_ for 1, 2, 3;
            }
            chr(int(128 + 50 * $sum));
        } 0 .. $rate * $seconds - 1;
        binmode STDOUT;
        print "RIFF", pack("V", 36 + length $samples), "WAVEfmt ", pack("VvvVVvv", 16, 1, 1, $rate, $rate, 1, 8),
            "data", pack("V", length $samples), $samples;
    '
}

paper() { # one page with one line
    perl -e '
        my $text = "BT /F1 24 Tf 72 720 Td (A paper to read, for staff of the demo archive) Tj ET";
        my @objects = (
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            "<< /Length " . length($text) . " >>\nstream\n$text\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        );
        my ($pdf, @places) = ("%PDF-1.4\n");
        for my $number (1 .. @objects) {
            push @places, length $pdf;
            $pdf .= "$number 0 obj\n$objects[$number - 1]\nendobj\n";
        }
        my $table = length $pdf;
        $pdf .= "xref\n0 6\n0000000000 65535 f \n" . join("", map { sprintf "%010d 00000 n \n", $_ } @places);
        print "$pdf", "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n$table\n%%EOF\n";
    '
}

# --- manifests ------------------------------------------------------------------------------------------

escaped() { printf '%s' "${1//\//%2F}"; }

manifest() { # the columns
    local pattern=$1 mount=$2 name=$3 width=$5 height=$6 kind=$7 title=$8
    local two=$out/$pattern-v2.json three=$out/$pattern-v3.json image canvas body
    case $kind in
    image)
        image=$origin/iiif/$mount/$(escaped "$name")
        put "$two" <<JSON
{
  "@context": "http://iiif.io/api/presentation/2/context.json",
  "@id": "$origin/iiif/manifests/$pattern-v2.json",
  "@type": "sc:Manifest",
  "label": "$title",
  "sequences": [{
    "@type": "sc:Sequence",
    "canvases": [{
      "@id": "$origin/iiif/manifests/$pattern-v2.json/canvas/1",
      "@type": "sc:Canvas",
      "label": "$title",
      "width": $width,
      "height": $height,
      "images": [{
        "@type": "oa:Annotation",
        "motivation": "sc:painting",
        "on": "$origin/iiif/manifests/$pattern-v2.json/canvas/1",
        "resource": {
          "@id": "$image/full/full/0/default.jpg",
          "@type": "dctypes:Image",
          "format": "image/jpeg",
          "width": $width,
          "height": $height,
          "service": {
            "@context": "http://iiif.io/api/image/2/context.json",
            "@id": "$image",
            "profile": "http://iiif.io/api/image/2/level1.json"
          }
        }
      }]
    }]
  }]
}
JSON
        canvas="\"width\": $width, \"height\": $height"
        body="{
          \"id\": \"$image/full/max/0/default.jpg\", \"type\": \"Image\", \"format\": \"image/jpeg\", \"width\": $width, \"height\": $height,
          \"service\": [{ \"@id\": \"$image\", \"@type\": \"ImageService2\", \"profile\": \"http://iiif.io/api/image/2/level1.json\" }]
        }"
        ;;
    audio/*)
        canvas="\"duration\": $height"
        body="{ \"id\": \"$origin/$mount/$name\", \"type\": \"Sound\", \"format\": \"$kind\", \"duration\": $height }"
        ;;
    *)
        # A document is what a page of it renders to; the page itself is shown by an open picture.
        canvas="\"width\": 4000, \"height\": 2833, \"rendering\": [{ \"id\": \"$origin/$mount/$name\", \"type\": \"Text\", \"format\": \"$kind\", \"label\": { \"en\": [\"$title\"] } }]"
        image=$origin/iiif/images/open%2Fharbour.tif
        body="{
          \"id\": \"$image/full/max/0/default.jpg\", \"type\": \"Image\", \"format\": \"image/jpeg\", \"width\": 4000, \"height\": 2833,
          \"service\": [{ \"@id\": \"$image\", \"@type\": \"ImageService2\", \"profile\": \"http://iiif.io/api/image/2/level1.json\" }]
        }"
        ;;
    esac
    put "$three" <<JSON
{
  "@context": "http://iiif.io/api/presentation/3/context.json",
  "id": "$origin/iiif/manifests/$pattern-v3.json",
  "type": "Manifest",
  "label": { "en": ["$title"] },
  "items": [{
    "id": "$origin/iiif/manifests/$pattern-v3.json/canvas/1",
    "type": "Canvas",
    $canvas,
    "items": [{
      "id": "$origin/iiif/manifests/$pattern-v3.json/page/1",
      "type": "AnnotationPage",
      "items": [{
        "id": "$origin/iiif/manifests/$pattern-v3.json/annotation/1",
        "type": "Annotation",
        "motivation": "painting",
        "target": "$origin/iiif/manifests/$pattern-v3.json/canvas/1",
        "body": $body
      }]
    }]
  }]
}
JSON
}

(($# >= 2)) || usage
out=$2
case $1 in
drawings) each drawing ;;
files)
    [[ -e $out/sound/bells.wav ]] || sound | put "$out/sound/bells.wav"
    [[ -e $out/papers/terms.pdf ]] || paper | put "$out/papers/terms.pdf"
    ;;
manifests)
    (($# == 3)) || usage
    origin=$3
    each manifest
    ;;
*) usage ;;
esac
