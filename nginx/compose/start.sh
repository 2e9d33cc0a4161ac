#!/bin/sh
# Runs NGINX in docker-compose.yml: chooses what it serves, and has it read anew when the includes of
# `tilegate nginx-conf` or a certificate have changed.
#
#   TILEGATE_PUBLIC_URL   what visitors type
#   TRUSTED_PROXY         a TLS proxy in front: plain HTTP, addresses of visitors from X-Forwarded-For
#   LETSENCRYPT_EMAIL     a certificate comes from the service `certificates`
set -eu

includes=/etc/nginx/tilegate
own=/certificates
asked_for=/etc/letsencrypt/live/tilegate
every=5

say() { printf 'tilegate site: %s\n' "$*" >&2; }

# These become NGINX's configuration. `settings` reads what stands in .env; here it is what Compose made of it,
# and a TILEGATE_PUBLIC_URL_FILE leaves VIRTUAL_HOST unread there.
refuse() {
    say "$1: has characters in it that NGINX's configuration cannot hold; write $2"
    exit 1
}
origin=${TILEGATE_PUBLIC_URL%/}
case $origin in
*[[:space:]]* | *[[:cntrl:]]* | *[\;\{\}\"\'\`\$\\#?@]* | *://*/* | *://) origin= ;;
esac
case $origin in
http://* | https://*) ;;
*) refuse TILEGATE_PUBLIC_URL "it like https://images.example.org" ;;
esac
case ${TRUSTED_PROXY:-} in
*[!0-9A-Fa-f.:/,\ ]*) refuse TRUSTED_PROXY "addresses or networks, separated by commas" ;;
esac

certificate() { # the folder of the certificate to use, if there is one
    for folder in "$own" "$asked_for"; do
        if [ -s "$folder/fullchain.pem" ] && [ -s "$folder/privkey.pem" ]; then
            echo "$folder"
            return
        fi
    done
}

challenges='
    location ^~ /.well-known/acme-challenge/ {
        auth_request off;
        default_type text/plain;
        root /challenges;
        # Not wherever a link that certbot was made to write leads to in this container.
        disable_symlinks on;
    }'
for_http='include /etc/nginx/tilegate/tilegate-http.conf;
access_log /dev/stdout tilegate;'
protected='
    include /etc/nginx/tilegate/tilegate-server.conf;
    location = / {
        absolute_redirect off;
        return 302 /auth/;
    }
    location / {
        return 404;
    }'

write_site() {
    case $origin in
    http://*) tls=false ;;
    *) if [ -n "${TRUSTED_PROXY:-}" ]; then tls=false; else tls=true; fi ;;
    esac
    if ! $tls; then
        echo "$for_http"
        echo "server {"
        echo "    listen 80 default_server;"
        if [ -n "${TRUSTED_PROXY:-}" ]; then
            for network in $(echo "$TRUSTED_PROXY" | tr , ' '); do echo "    set_real_ip_from $network;"; done
            echo "    real_ip_header X-Forwarded-For;"
            echo "    real_ip_recursive on;"
        fi
        echo "$protected"
        echo "}"
        return
    fi
    folder=$(certificate)
    if [ -n "$folder" ]; then
        echo "$for_http"
    else
        # What somebody tries to open may have a secret in its address (S16).
        echo "log_format closed '\$remote_addr [\$time_iso8601] \$request_method \$status';"
    fi
    echo "server {"
    echo "    listen 80 default_server;"
    echo "$challenges"
    if [ -z "$folder" ]; then
        # Closed, and not over plain HTTP, until there is a certificate. Nor are the includes there: one
        # is of no use without the other.
        echo "    access_log /dev/stdout closed;"
        echo "    location / { default_type text/plain; return 503 'A certificate is being asked for. Please come back in a minute.'; }"
        echo "}"
        return
    fi
    echo "    location / { return 301 $origin\$request_uri; }"
    echo "}"
    echo "server {"
    echo "    listen 443 ssl default_server;"
    echo "    http2 on;"
    echo "    ssl_certificate $folder/fullchain.pem;"
    echo "    ssl_certificate_key $folder/privkey.pem;"
    echo "    ssl_protocols TLSv1.2 TLSv1.3;"
    echo "    ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;"
    echo "    ssl_session_cache shared:tls:4m;"
    echo "    ssl_session_timeout 1d;"
    echo "$protected"
    echo "}"
}

state() { # changes when something that was read changes
    cat "$includes"/*.conf "$own"/*.pem "$asked_for"/*.pem 2>/dev/null | cksum
}

for name in tilegate-http.conf tilegate-server.conf; do
    if [ ! -s "$includes/$name" ]; then
        say "$name is missing: it is written by the service 'settings', whose log says why not"
        exit 1
    fi
done
case $origin in
http://*) ;;
*)
    if [ -z "${TRUSTED_PROXY:-}${LETSENCRYPT_EMAIL:-}" ] && [ -z "$(certificate)" ]; then
        say "CERTIFICATE_DIR: fullchain.pem and privkey.pem are not both there; put them there, or set LETSENCRYPT_EMAIL"
        exit 1
    fi
    ;;
esac

known=$(state)
write_site >/run/nginx/site.conf
# An NGINX that was killed leaves its internal sockets behind, and could not listen there again.
sed -n 's/^ *listen unix:\(.*\);$/\1/p' "$includes/tilegate-http.conf" | while read -r socket; do rm -f "$socket"; done

nginx -c /tilegate/nginx.conf -e stderr -g 'daemon off;' &
nginx=$!
trap 'kill -QUIT "$nginx" 2>/dev/null || true' TERM QUIT INT
while kill -0 "$nginx" 2>/dev/null; do
    sleep "$every" &
    wait $! || true
    now=$(state)
    if [ "$now" = "$known" ] || ! kill -0 "$nginx" 2>/dev/null; then continue; fi
    known=$now
    cp /run/nginx/site.conf /run/nginx/site.before
    write_site >/run/nginx/site.conf
    if nginx -c /tilegate/nginx.conf -e stderr -t -q; then
        say "the configuration or a certificate has changed: NGINX reads them anew"
        kill -HUP "$nginx"
    else
        say "the changed configuration is refused (the lines above say why): NGINX goes on with the one before"
        cp /run/nginx/site.before /run/nginx/site.conf
    fi
done
wait "$nginx"
