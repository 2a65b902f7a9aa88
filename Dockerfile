# One image for ingress, worker, board and every command of xw: "docker run <image> worker".
# A tag, not a digest: it names one release of Node, and each build gets the security fixes of its Debian.
FROM node:26.10.0-bookworm-slim AS base
ENV NODE_ENV=production
WORKDIR /app

FROM base AS install
RUN npm install --global pnpm@12.21.0
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages packages
COPY apps apps
# The workspace as it is: Node runs its TypeScript, but none that lies under node_modules. Of it, only what the processes
# and the commands need to run.
RUN --mount=type=cache,target=/pnpm-store \
    pnpm install --frozen-lockfile --prod --store-dir /pnpm-store \
    --filter-prod @xero-webhooks/app-ingress... \
    --filter-prod @xero-webhooks/app-worker... \
    --filter-prod @xero-webhooks/app-board... \
    --filter-prod @xero-webhooks/app-cli...

FROM base
# https://github.com/opencontainers/image-spec/blob/main/annotations.md
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="xero-webhooks" \
    org.opencontainers.image.description="A self-hosted receiver of Xero webhooks that never loses one" \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.version="$VERSION" \
    org.opencontainers.image.revision="$REVISION" \
    org.opencontainers.image.base.name="docker.io/library/node:26.10.0-bookworm-slim"
# Owned by root: the process cannot change its own program.
COPY --from=install /app /app
USER node
# Whichever process runs: each has a port of its own for this.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["node", "-e", "Promise.any([9464, 9465, 9466].map((port) => fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok || Promise.reject()))).then(() => process.exit(0), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/apps/cli/src/main.ts"]
CMD ["ingress"]
