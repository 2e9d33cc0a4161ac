#!/bin/sh
# Starts iipsrv. One process serves one request at a time; multiwatch starts those that end again.
set -eu
exec spawn-fcgi -n -a 0.0.0.0 -p 9000 -- \
    /usr/bin/multiwatch -f "${IIPSRV_PROCESSES:-$(nproc)}" -- /usr/lib/iipimage-server/iipsrv.fcgi
