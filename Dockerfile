# One image for ingress, worker and board: the command says which.
# A tag, not a digest: it names one release of Node, and each build gets the security fixes of its Debian.
FROM node:26.10.0-bookworm-slim AS base
ENV NODE_ENV=production
WORKDIR /app

FROM base AS install
RUN npm install --global pnpm@12.21.0
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages packages
COPY apps apps
# The workspace as it is: Node runs its TypeScript, but none that lies under node_modules. Of it, only what the three
# processes need to run.
RUN --mount=type=cache,target=/pnpm-store \
    pnpm install --frozen-lockfile --prod --store-dir /pnpm-store \
    --filter-prod @xero-webhooks/app-ingress... \
    --filter-prod @xero-webhooks/app-worker... \
    --filter-prod @xero-webhooks/app-board...

FROM base
# Owned by root: the process cannot change its own program.
COPY --from=install /app /app
USER node
ENTRYPOINT ["node"]
CMD ["apps/ingress/src/main.ts"]
