# syntax=docker/dockerfile:1
FROM node:22-bookworm-slim AS node

FROM golang:1.26-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY views/assets/package.json views/assets/package-lock.json views/assets/
RUN cd views/assets && npm ci --ignore-scripts --no-audit --no-fund
COPY . .
ARG VERSION=unversioned
RUN make build VERSION="$VERSION" \
 && mkdir -p /image/data /image/tmp /image/etc/ssl/certs \
 && chmod 1777 /image/tmp && chmod 700 /image/data && chown 65532:65532 /image/data \
 && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
 && echo 'guangyi:x:65532:65532::/data:/sbin/nologin' > /image/etc/passwd \
 && cp bin/guangyi /image/guangyi

FROM scratch
COPY --from=build /image/ /
USER 65532:65532
ENV GUANGYI_LISTEN=0.0.0.0:8080 GUANGYI_DATA=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/guangyi"]
CMD ["serve"]
