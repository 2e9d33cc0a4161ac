#!/bin/sh
# Starts iipsrv once it can read the images.
set -eu

readable() { [ -r /images ] && [ -x /images ]; }
if ! readable; then
    echo "IMAGE_DIR: the folder cannot be read by the user $(id -u) of iipsrv; run 'chmod -R a+rX' on it, or set IMAGE_USER to a user and group that may read it (like 1000:1000)" >&2
    # Nothing listens meanwhile, so nothing else of the site starts.
    until readable; do sleep 5; done
fi
if [ -z "$(ls /images)" ]; then echo "IMAGE_DIR: the folder is empty" >&2; fi

# One process serves one request at a time; multiwatch starts those that end again.
exec spawn-fcgi -n -a 0.0.0.0 -p 9000 -- \
    /usr/bin/multiwatch -f "${IIPSRV_PROCESSES:-$(nproc)}" -- /usr/lib/iipimage-server/iipsrv.fcgi
