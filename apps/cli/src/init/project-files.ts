import type { Language } from './manifest.ts';

type Options = {
  name: string;
  language: Language;
  /** Whether files of JavaScript are modules without saying so by their names. */
  isModule: boolean;
};

/** The files of the project besides its package.json, by path. */
export function projectFiles({ name, language, isModule }: Options): Record<string, string> {
  const ending = `${isModule ? '' : 'm'}${language === 'typescript' ? 'ts' : 'js'}`;
  const module = `src/handlers.${ending}`;
  return {
    [module]: language === 'typescript' ? HANDLERS_TS : HANDLERS_JS,
    [`src/handlers.test.${ending}`]: handlersTest(ending),
    ...(language === 'typescript' ? { 'tsconfig.json': TSCONFIG } : {}),
    '.env.example': ENV_EXAMPLE,
    '.gitignore': 'node_modules/\n.data/\n.env\nsecrets/\n',
    '.dockerignore': 'node_modules/\n.data/\n.env\nsecrets/\n.git/\n',
    Dockerfile: dockerfile(module),
    'compose.yaml': COMPOSE,
    'README.md': readme(name, module),
  };
}

const HANDLERS_BODY = `  on(['invoice.created', 'invoice.updated'], async function syncInvoice(event, context) {
    const invoice = await context.resource();
    if (invoice.Status === 'DRAFT') return;

    // Write the invoice to your system here. This runs again if it throws, and may run twice for one event: put
    // context.idempotencyKey where your system drops duplicates, such as a unique column.
    context.log.info(
      { number: invoice.InvoiceNumber, status: invoice.Status, total: invoice.Total, tenant: event.tenantId },
      'invoice changed',
    );
  });
`;

const HANDLERS_TS = `import type { Register } from 'xero-webhooks/handlers';

const register: Register = (on) => {
${HANDLERS_BODY}};

export default register;
`;

const HANDLERS_JS = `/** @type {import('xero-webhooks/handlers').Register} */
export default (on) => {
${HANDLERS_BODY}};
`;

const handlersTest = (ending: string): string => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testHandlers } from 'xero-webhooks/testing';
import register from './handlers.${ending}';

test('an authorised invoice is written', async () => {
  const handlers = await testHandlers(register, { resources: { invoice: { Status: 'AUTHORISED', Total: 115 } } });
  const { syncInvoice } = await handlers.emit('invoice.updated');
  assert.equal(syncInvoice?.outcome, 'succeeded');
  assert.equal(syncInvoice.log[0]?.fields['total'], 115);
});

test('a draft is left alone', async () => {
  const handlers = await testHandlers(register, { resources: { invoice: { Status: 'DRAFT' } } });
  const { syncInvoice } = await handlers.emit('invoice.created');
  assert.equal(syncInvoice?.outcome, 'succeeded');
  assert.deepEqual(syncInvoice.log, []);
});

test('an invoice that cannot be read is tried again', async () => {
  const handlers = await testHandlers(register, { resources: { invoice: () => new Error('Xero answered 503') } });
  const { syncInvoice } = await handlers.emit('invoice.updated');
  assert.equal(syncInvoice?.outcome, 'failed');
  assert.equal(syncInvoice.delayMs, 1_000);
});
`;

/** Node runs TypeScript as it is: the compiler only checks it. */
const TSCONFIG = `{
  "compilerOptions": {
    "strict": true,
    "target": "es2024",
    "module": "nodenext",
    "types": ["node"],
    "noEmit": true,
    "allowImportingTsExtensions": true,
    "erasableSyntaxOnly": true,
    "verbatimModuleSyntax": true
  },
  "include": ["src"]
}
`;

const ENV_EXAMPLE = `# Copy this file to .env: "xero-webhooks dev" and compose.yaml read it. All variables:
# https://www.npmjs.com/package/xero-webhooks, docs/configuration.md

# The webhook key of the Xero app, from the developer portal.
XERO_WEBHOOK_KEY=

# The password of the board, http://127.0.0.1:3001, whose user is "admin".
BOARD_PASSWORD=

# The Xero app whose organisations are read. Without it "xero-webhooks dev" reads from a fake Xero.
# XERO_CLIENT_ID=
# XERO_CLIENT_SECRET=
# What the stored tokens are encrypted with: npx xero-webhooks keys generate encryption
# TOKEN_ENCRYPTION_KEY=
`;

const dockerfile = (module: string): string => `# One image for all processes: docker compose up
FROM node:24-slim
WORKDIR /app
COPY package*.json ./
RUN npm install --omit=dev --no-audit --no-fund
COPY src ./src
USER node
ENV NODE_ENV=production HANDLERS=${module}
ENTRYPOINT ["/app/node_modules/.bin/xero-webhooks"]
CMD ["worker"]
`;

const healthcheck = (port: number): string =>
  `    healthcheck:
      test: [CMD, node, -e, "fetch('http://127.0.0.1:${port}/readyz').then(({ ok }) => process.exit(ok ? 0 : 1))"]`;

const COMPOSE = `# Redis, ingress, worker and board. Put a proxy with TLS before the ingress.
x-process: &process
  build: .
  env_file: .env
  environment: &environment
    REDIS_URL: redis://redis:6379
  depends_on:
    redis:
      condition: service_healthy
  init: true
  read_only: true
  tmpfs: [/tmp]
  cap_drop: [ALL]
  security_opt: [no-new-privileges:true]
  restart: unless-stopped
  # A process finishes what it is doing.
  stop_grace_period: 30s

services:
  redis:
    image: redis:8-alpine
    # What was accepted survives a power cut, and nothing is evicted.
    command: redis-server --appendonly yes --appendfsync always --maxmemory 1gb --maxmemory-policy noeviction --save ''
    user: redis
    volumes: [redis-data:/data]
    healthcheck:
      test: [CMD-SHELL, redis-cli ping | grep -q PONG]
      interval: 2s
    restart: unless-stopped

  ingress:
    <<: *process
    command: [ingress]
    ports: ['127.0.0.1:3000:3000']
${healthcheck(9464)}

  # docker compose up --scale worker=4
  worker:
    <<: *process
    command: [worker]
${healthcheck(9465)}

  board:
    <<: *process
    command: [board]
    environment:
      <<: *environment
      BOARD_HOST: 0.0.0.0
    ports: ['127.0.0.1:3001:3001']
${healthcheck(9466)}

volumes:
  redis-data:
`;

const readme = (name: string, module: string): string => `# ${name}

Handles what changes in Xero, with [xero-webhooks](https://www.npmjs.com/package/xero-webhooks). The handlers are in
\`${module}\`.

\`\`\`sh
npm install
npm test
npx xero-webhooks dev
\`\`\`

\`dev\` runs Redis, a fake Xero, the ingress, a worker and the board on this machine. In a second terminal, send an invoice:

\`\`\`sh
npx xero-webhooks simulate invoice.updated
\`\`\`

In production, copy \`.env.example\` to \`.env\`, fill it in, and run \`docker compose up --build\`. Xero needs a public
address with TLS that leads to port 3000, path \`/webhook\`.
`;
