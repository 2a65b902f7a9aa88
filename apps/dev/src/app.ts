import { randomBytes } from 'node:crypto';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  dataFolder,
  loadConfig,
  optional,
  password as boardPassword,
  redisVariables,
  webhookKeys,
  writeDevelopmentFile,
} from '@xero-webhooks/runtime';
import { fakeXeroAt } from '@xero-webhooks/fake-xero';
import colors from 'picocolors';
import { banner } from './banner.ts';
import type { Child } from './child.ts';
import { startChild } from './child.ts';
import { developmentKey } from './development-key.ts';
import { findHandlers, SAMPLES } from './find-handlers.ts';
import { keepWorker } from './keep-worker.ts';
import { keptSecret } from './kept-secret.ts';
import { isShown, levelForProcesses } from './log-level.ts';
import { readableLine } from './log-line.ts';
import { findOrStartRedis } from './redis.ts';
import { retrySchedule } from './retry-schedule.ts';
import { showDuplicates } from './show-duplicates.ts';
import { xeroVariable } from './xero.ts';

const FILES = {
  xero: fileURLToPath(new URL('fake-xero-process.ts', import.meta.url)),
  ingress: fileURLToPath(new URL('../../ingress/src/main.ts', import.meta.url)),
  worker: fileURLToPath(new URL('../../worker/src/main.ts', import.meta.url)),
  board: fileURLToPath(new URL('../../board/src/main.ts', import.meta.url)),
};

/** Ctrl-C must finish within five seconds: first the processes, then what they use. In milliseconds. */
const CHILD_DEADLINE_MS = 2_500;
const CHILD_PATIENCE_MS = 3_200;

/** Read here because values are added or replaced; the processes get the value itself, even if it came from a file. */
const secretVariables = {
  REDIS_URL: redisVariables.REDIS_URL,
  XERO_WEBHOOK_KEY: optional(webhookKeys, { secret: true, about: '' }),
  BOARD_PASSWORD: optional(boardPassword, { secret: true, about: '' }),
};

/** `name` is `undefined` after Ctrl-C. */
type End = { readonly name: string | undefined; readonly code: number };

type Options = { environment: NodeJS.ProcessEnv; workingDirectory: string; print: (text: string) => void };

/**
 * Runs Redis, the fake Xero unless a real one is configured, ingress, worker and board, each as a process, until one of
 * them ends or Ctrl-C is pressed.
 *
 * @returns the exit code
 * @throws CodedError if Redis can neither be found nor started, or another start in this folder has it
 */
export async function runDevelopment({ environment, workingDirectory, print }: Options): Promise<number> {
  const folder = dataFolder(workingDirectory);
  const key = developmentKey(folder);
  const interrupted = onceInterrupted();
  const given = loadConfig(secretVariables, environment, (notice) => print(colors.yellow(notice)));
  const redis = await findOrStartRedis(given.REDIS_URL, environment, folder);
  if (redis.warning) print(`\n${colors.bgYellow(colors.black(` ${redis.warning} `))}\n`);

  const password =
    given.BOARD_PASSWORD ?? keptSecret(folder, 'board-password', () => randomBytes(9).toString('base64url'));
  const retries = retrySchedule(environment);
  const logLevel = environment['LOG_LEVEL']?.trim() || 'info';
  const shared: NodeJS.ProcessEnv = {
    SHUTDOWN_DEADLINE_MS: String(CHILD_DEADLINE_MS),
    // Tunnels connect from this machine; nobody else needs to reach a development server.
    INGRESS_HOST: '127.0.0.1',
    MISSING_AWAIT: 'fail',
    // A receiver under development runs here as well.
    FORWARD_ALLOW_PRIVATE: 'true',
    ...environment,
    ...retries.variables,
    LOG_LEVEL: levelForProcesses(logLevel),
    REDIS_URL: redis.url,
    BOARD_PASSWORD: password,
    XERO_WEBHOOK_KEY: [...(given.XERO_WEBHOOK_KEY ?? []), key].join(','),
    ...Object.fromEntries(Object.keys(secretVariables).map((name) => [`${name}_FILE`, undefined])),
  };
  const onLine = (name: string, line: string): void => {
    if (isShown(line, logLevel)) print(readableLine(name, line));
  };
  const start = (name: keyof typeof FILES, more: NodeJS.ProcessEnv = {}): Child =>
    startChild({
      name,
      file: FILES[name],
      environment: { ...shared, ...more },
      onLine: (line) => onLine(name, line),
      patienceMs: CHILD_PATIENCE_MS,
    });

  const ingress = start('ingress');
  const namedBy = xeroVariable(environment);
  const fake = namedBy ? undefined : start('xero');
  const endOf = async ({ name, ended }: Child): Promise<End> => ({ name, code: (await ended).code });
  const earlyEnd = Promise.race([
    interrupted.then((): End => ({ name: undefined, code: 0 })),
    redis.ended.then((): End => ({ name: 'Redis', code: 1 })),
    endOf(ingress),
    ...(fake ? [endOf(fake)] : []),
  ]);

  // Worker and board need the fake's address. After an early end they are stopped as soon as they start.
  const fakeUrl = fake && (await Promise.race([fake.ready.then(({ url }) => String(url)), earlyEnd.then(() => '')]));
  const whereXeroIs = fakeUrl ? { XERO_FAKE_URL: fakeUrl } : {};
  const handlers = findHandlers(workingDirectory, environment);
  const board = start('board', whereXeroIs);
  const worker = keepWorker({ start: () => start('worker', { ...whereXeroIs, HANDLERS: handlers }), handlers, print });

  let stopShowingDuplicates = (): void => {};
  const announce = async (): Promise<void> => {
    const [ingressReady, boardReady] = await Promise.all([ingress.ready, board.ready, worker.ready]);
    const webhookUrl = String(ingressReady['url']);
    if (fakeUrl) await fakeXeroAt(fakeUrl).setWebhookTarget({ url: webhookUrl, key });
    // This is only informative: its failure must not stop anything.
    stopShowingDuplicates = await showDuplicates(shared, (line) => onLine('queue', line)).catch(() => () => {});
    const prefix = environment['REDIS_PREFIX'];
    writeDevelopmentFile(folder, {
      webhookUrl,
      webhookKey: key,
      redisUrl: redis.url,
      ...(prefix ? { redisPrefix: prefix } : {}),
      ...(fakeUrl ? { xeroUrl: fakeUrl } : {}),
    });
    print(
      banner({
        webhookUrl,
        key,
        board: String(boardReady['url']),
        login: `user ${String(boardReady['user'])}, password ${given.BOARD_PASSWORD ? 'as in BOARD_PASSWORD' : password}`,
        redis: redis.about,
        xero: fakeUrl
          ? `the fake one on ${fakeUrl}  (for the real one, set XERO_CLIENT_ID or bring your own tokens: docs/xero.md)`
          : `set by ${namedBy}`,
        handlers: relative(workingDirectory, handlers) || handlers,
        areSamples: handlers === SAMPLES,
        retries: retries.about,
      }),
    );
  };

  try {
    const end = await Promise.race([
      earlyEnd,
      endOf(board),
      worker.failed.then(({ code }): End => ({ name: 'worker', code })),
      // It never ends by itself, but it can fail.
      announce().then(() => earlyEnd),
    ]);
    if (end.name) print(colors.red(`\n${end.name} ended with exit code ${end.code}: stopping the rest`));
    else print('\nstopping');
    return end.name ? end.code || 1 : 0;
  } finally {
    stopShowingDuplicates();
    await Promise.all([ingress.stop(), board.stop(), worker.stop()]);
    await Promise.all([fake?.stop(), redis.stop()]);
  }
}

function onceInterrupted(): Promise<void> {
  return new Promise((resolve_) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve_());
  });
}
