# Builds the one binary, then puts it alone into a small image. Templates, demo and migrations travel inside the binary.

FROM rust:1.95-slim-bookworm AS build
# SQLite is compiled from source, which takes a C compiler.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends build-essential \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin standout

FROM debian:bookworm-slim
# Certificates, so that the mail server's can be checked.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin standout \
    && install --directory --owner=standout --group=standout --mode=0700 /data
COPY --from=build /src/target/release/standout /usr/local/bin/standout
USER standout
# /data is all there is to keep: the database, the secret key and, without a mail server, the outbox.
WORKDIR /data
VOLUME /data
ENV DATA_DIR=/data \
    BIND_ADDR=0.0.0.0:8080
EXPOSE 8080
# SIGTERM: no new letters are begun and those in hand are finished. Allow 30 seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/standout"]
CMD ["serve"]
