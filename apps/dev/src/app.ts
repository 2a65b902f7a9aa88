import { randomBytes } from 'node:crypto';
import { relative, resolve } from 'node:path';
import {
  dataFolder,
  loadConfig,
  optional,
  redisVariables,
  text as anyText,
  writeDevelopmentFile,
} from '@xero-webhooks/runtime';
import colors from 'picocolors';
import type { Child } from './child.ts';
import { startChild } from './child.ts';
import { developmentKey } from './development-key.ts';
import { readableLine } from './log-line.ts';
import { findOrStartRedis } from './redis.ts';
import { watchHandlers } from './watch-handlers.ts';

const PROCESSES = ['ingress', 'worker', 'board'] as const;
type ProcessName = (typeof PROCESSES)[number];

/** Ctrl-C has to be over within five seconds: first the processes, then Redis. In milliseconds. */
const CHILD_DEADLINE_MS = 2_500;
const CHILD_PATIENCE_MS = 3_200;

const SAMPLES = new URL('../../worker/src/handlers/index.ts', import.meta.url).pathname;

/** What is read here, to be added to or to stand in for; the processes get the value itself, wherever it came from. */
const secretVariables = {
  REDIS_URL: redisVariables.REDIS_URL,
  XERO_WEBHOOK_KEY: optional(anyText, { secret: true, about: '' }),
  BOARD_PASSWORD: optional(anyText, { secret: true, about: '' }),
};

type Options = { environment: NodeJS.ProcessEnv; workingDirectory: string; print: (text: string) => void };

/**
 * Runs everything: Redis, then ingress, worker and board as processes of their own, until one of them ends or somebody
 * presses Ctrl-C.
 *
 * @returns the exit code
 * @throws CodedError where Redis can neither be found nor started
 */
export async function runDevelopment({ environment, workingDirectory, print }: Options): Promise<number> {
  const folder = dataFolder(workingDirectory);
  const key = developmentKey(folder);
  const interrupted = onceInterrupted();
  const given = loadConfig(secretVariables, environment);
  const redis = await findOrStartRedis(given.REDIS_URL, environment, folder);
  if (redis.warning) print(`\n${colors.bgYellow(colors.black(` ${redis.warning} `))}\n`);

  const password = given.BOARD_PASSWORD ?? randomBytes(9).toString('base64url');
  const shared: NodeJS.ProcessEnv = {
    SHUTDOWN_DEADLINE_MS: String(CHILD_DEADLINE_MS),
    // Tunnels come from this machine; nobody else has to reach a development server.
    INGRESS_HOST: '127.0.0.1',
    ...environment,
    REDIS_URL: redis.url,
    BOARD_PASSWORD: password,
    XERO_WEBHOOK_KEY: [given.XERO_WEBHOOK_KEY, key].filter(Boolean).join(','),
    ...Object.fromEntries(Object.keys(secretVariables).map((name) => [`${name}_FILE`, undefined])),
  };
  const start = (name: ProcessName): Child =>
    startChild({
      name,
      file: new URL(`../../${name}/src/main.ts`, import.meta.url).pathname,
      environment: shared,
      onLine: (line) => print(readableLine(name, line)),
      patienceMs: CHILD_PATIENCE_MS,
    });

  const handlers = resolve(workingDirectory, environment['HANDLERS'] || SAMPLES);
  const ingress = start('ingress');
  const board = start('board');
  const worker = keepWorker(() => start('worker'), handlers, print);

  void Promise.all([ingress.ready, board.ready, worker.ready]).then(([ingressReady, boardReady]) => {
    const webhookUrl = String(ingressReady['url']);
    writeDevelopmentFile(folder, { webhookUrl, webhookKey: key, redisUrl: redis.url });
    print(
      banner({
        webhookUrl,
        key,
        board: String(boardReady['url']),
        login: `user ${String(boardReady['user'])}, password ${given.BOARD_PASSWORD ? 'as in BOARD_PASSWORD' : password}`,
        redis: redis.about,
        handlers: relative(workingDirectory, handlers) || handlers,
      }),
    );
  });

  const end = await Promise.race([
    interrupted.then(() => ({ name: undefined, code: 0 })),
    redis.ended.then(() => ({ name: 'Redis', code: 1 })),
    worker.failed.then(({ code }) => ({ name: 'worker', code })),
    ...[ingress, board].map(({ name, ended }) => ended.then(({ code }) => ({ name, code }))),
  ]);
  if (end.name) print(colors.red(`\n${end.name} ended with exit code ${end.code}: stopping the rest`));
  else print('\nstopping');
  await Promise.all([ingress.stop(), board.stop(), worker.stop()]);
  await redis.stop();
  return end.name ? end.code || 1 : 0;
}

type KeptWorker = {
  /** The worker was ready for the first time. */
  readonly ready: Promise<unknown>;
  /** It ended by itself. */
  readonly failed: Promise<{ code: number }>;
  stop(): Promise<void>;
};

/**
 * Runs the worker, and runs it anew when its handlers change. One that does not start after a change waits for the next
 * change; one that does not start at all, or ends later, has failed.
 */
function keepWorker(start: () => Child, handlers: string, print: (text: string) => void): KeptWorker {
  let worker = start();
  const firstReady = worker.ready;
  let change = Promise.resolve();
  let stopping = false;
  let fail: (end: { code: number }) => void;
  const failed = new Promise<{ code: number }>((resolve_) => {
    fail = resolve_;
  });
  /** The worker whose end is wanted: of itself it has not failed. */
  let unwanted: Child | undefined;

  function watchEnd(child: Child, changed: boolean): void {
    let wasReady = false;
    void child.ready.then(() => {
      wasReady = true;
    });
    void child.ended.then((end) => {
      if (stopping || child === unwanted) return;
      if (changed && !wasReady)
        print(colors.yellow('the worker does not start with this change: waiting for the next one'));
      else fail(end);
    });
  }

  async function restart(changed: string): Promise<void> {
    if (stopping) return;
    print(colors.yellow(`\n${changed} changed: restarting the worker`));
    unwanted = worker;
    await worker.stop();
    if (stopping) return;
    worker = start();
    watchEnd(worker, true);
  }

  watchEnd(worker, false);
  const watcher = watchHandlers(handlers, (changed) => {
    change = change.then(() => restart(changed));
  });
  return {
    ready: firstReady,
    failed,
    async stop() {
      stopping = true;
      await watcher.stop();
      await change;
      await worker.stop();
    },
  };
}

function onceInterrupted(): Promise<void> {
  return new Promise((resolve_) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve_());
  });
}

type BannerWords = { webhookUrl: string; key: string; board: string; login: string; redis: string; handlers: string };

function banner({ webhookUrl, key, board, login, redis, handlers }: BannerWords): string {
  const row = (name: string, text: string): string => `  ${colors.bold(name.padEnd(9))} ${text}`;
  return [
    '',
    colors.green(colors.bold('  xero-webhooks is running. Ctrl-C stops it.')),
    '',
    row('Webhook', webhookUrl),
    row('Key', `${key}  (for development; yours goes into XERO_WEBHOOK_KEY)`),
    row('Board', `${board}  (${login})`),
    row('Redis', redis),
    row('Handlers', `${handlers}  (the worker restarts when they change)`),
    '',
    `  Now send it an invoice, in a second terminal:  ${colors.bold('npx pnpm@12 xw simulate invoice.updated --count 20')}`,
    '',
  ].join('\n');
}
