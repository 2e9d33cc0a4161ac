#!/bin/sh
# Whether iipsrv will be able to read the images: the service `images` of docker-compose.yml, which runs as
# iipsrv's user and then ends. digilib reads them as root.
set -eu

if [ "${COMPOSE_PROFILES:-}" != iipsrv ]; then exit 0; fi
if ! [ -r /images ] || ! [ -x /images ]; then
    echo "IMAGE_DIR: the folder cannot be read by iipsrv's user $(id -u); run 'chmod -R a+rX' on it, or set IMAGE_USER to a user and group that may read it (like 1000:1000)" >&2
    exit 1
fi
if [ -z "$(ls /images)" ]; then echo "IMAGE_DIR: the folder is empty" >&2; fi
hidden=$(timeout 20 find /images ! -readable -print -quit 2>/dev/null || true)
if [ -n "$hidden" ]; then echo "IMAGE_DIR: ${hidden#/images/} cannot be read by iipsrv's user $(id -u), and perhaps more: such images answer 404" >&2; fi
