#!/bin/sh
# Asks for a certificate and renews it: the service `certificates` of docker-compose.yml, in certbot's image.
set -eu

server=${ACME_SERVER:-https://acme-v02.api.letsencrypt.org/directory}
host=${TILEGATE_PUBLIC_URL#*://}
host=${host%%[:/]*}

say() { printf 'certificates: %s\n' "$*" >&2; }

trap 'exit 0' TERM INT
pause() {
    sleep "$1" &
    wait $!
}

pause 5 # NGINX serves the challenge
while :; do
    if certbot certonly --non-interactive --agree-tos --email "$LETSENCRYPT_EMAIL" --server "$server" \
        --webroot --webroot-path /challenges --domain "$host" --cert-name tilegate --keep-until-expiring; then
        pause 43200
    else
        # An authority counts failures: five an hour are too many for Let's Encrypt.
        say "no certificate for $host was given (the lines above say why): trying again in 20 minutes"
        pause 1200
    fi
done
