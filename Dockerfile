# Tilegate in an image that holds the program and nothing else: no shell, no package, no other file
# to attack. Builds with BuildKit and with the older builder, for amd64 and arm64:
#
#   docker build -t tilegate .

ARG RUST_IMAGE=rust:1.95-bookworm

FROM ${RUST_IMAGE} AS build
WORKDIR /build
# The dependencies first, with stand-ins for our own code: they are built again only when these files change.
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p src benches \
    && echo 'fn main() {}' | tee src/main.rs benches/judge.rs benches/manifest.rs benches/scale.rs >src/lib.rs \
    && cargo build --release --locked --bin tilegate \
    && rm -r src benches
COPY src ./src
COPY templates ./templates
COPY migrations ./migrations
COPY samples/patterns.tsv samples/policy.toml ./samples/
# Written out: Cargo looks at times, and those of the stand-ins are newer than a checkout's.
RUN mkdir -p benches && echo 'fn main() {}' | tee benches/judge.rs benches/manifest.rs >benches/scale.rs \
    && touch src/main.rs src/lib.rs \
    && cargo build --release --locked --bin tilegate

# What the program needs of a system: the C library that it was linked against, the certificates of
# certificate authorities, a user, and folders that this user owns.
RUN mkdir -p /system/etc/ssl/certs /system/usr/local/bin /system/tmp \
    && cp target/release/tilegate /system/usr/local/bin/ \
    && ldd target/release/tilegate | grep -o '/[^ ]*' | xargs -I{} cp -L --parents {} /system \
    && cp -L /etc/ssl/certs/ca-certificates.crt /system/etc/ssl/certs/ \
    && echo 'tilegate:x:10001:10001:Tilegate:/:/nonexistent' >/system/etc/passwd \
    && echo 'tilegate:x:10001:' >/system/etc/group \
    && mkdir -p /folders/data /folders/conf

FROM scratch
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Tilegate" \
      org.opencontainers.image.description="Decides, beside NGINX, who may see which IIIF image" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=build /system /
# A new volume takes its owner from the folder that it is mounted on.
COPY --from=build --chown=10001:10001 /folders /
USER 10001:10001
WORKDIR /data
ENV TILEGATE_DATABASE_URL=sqlite:/data/tilegate.db
VOLUME /data
HEALTHCHECK --interval=5s --timeout=5s --retries=3 CMD ["/usr/local/bin/tilegate", "health"]
ENTRYPOINT ["/usr/local/bin/tilegate"]
CMD ["serve"]
