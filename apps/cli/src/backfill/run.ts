import { setTimeout as wait } from 'node:timers/promises';
import type { Backfill, Backfills, BackfillSum } from '@xero-webhooks/backfill';
import { createBackfills, sumOf } from '@xero-webhooks/backfill';
import { startBackfill } from '@xero-webhooks/operations';
import type { QueueRedis } from '@xero-webhooks/queue';
import { listWorkers } from '@xero-webhooks/queue';
import { CodedError } from '@xero-webhooks/runtime';
import { RESOURCE_CATEGORIES } from '@xero-webhooks/webhook';
import { connectToQueues } from '../connect.ts';
import { countOf } from '../count-of.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import { printable } from '../printable.ts';
import { progressBar } from '../progress-bar.ts';
import { systemUser } from '../system-user.ts';
import { timeText } from '../times.ts';
import { WrongUsage } from '../wrong-usage.ts';
import type { BackfillOptions } from './command.ts';
import { organisationsToRead } from './organisations-to-read.ts';
import type { BackfillJson } from './schema.ts';

/** How often to look how far the workers are, in milliseconds. */
const LOOK_MS = 300;

/** Plans a backfill or goes on with one, and follows it to its end. The exit code is 1 where something is left. */
export async function runBackfill(options: BackfillOptions): Promise<void> {
  const redis = await connectToQueues(process.env, process.cwd());
  const backfills = createBackfills(redis);
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await requireReader(redis);
    const id = options.run ?? (await plan(redis, backfills, options));
    await follow(redis, backfills, id, options, interrupted.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await backfills.close();
    redis.close();
  }
}

/** @throws CodedError `XW_NO_READER` if no worker can read from Xero: nobody would do the work */
async function requireReader({ client, prefix }: QueueRedis): Promise<void> {
  const workers = await listWorkers(client, prefix);
  if (workers.some(({ readsXero }) => readsXero)) return;
  const why =
    workers.length === 0
      ? 'no worker is running, and workers do the reading: start one with "xw worker"'
      : 'no running worker can read from Xero: say where access tokens come from (docs/xero.md), and start it again';
  throw new CodedError('XW_NO_READER', why);
}

async function plan(redis: QueueRedis, backfills: Backfills, options: BackfillOptions): Promise<string> {
  const { since, until, tenant, category, by = systemUser() } = options;
  if (since === undefined) {
    throw new WrongUsage(
      'XW_USAGE',
      'say with --since from when on, or with --run which to go on with; see "xw backfill --help"',
    );
  }
  if (since >= (until ?? Date.now()))
    throw new WrongUsage('XW_USAGE', '--since must be before --until, and in the past');
  const tenantIds = tenant ?? (await organisationsToRead(redis));
  const categories = RESOURCE_CATEGORIES.filter((each) => category === undefined || category.includes(each));
  return backfills.plan({ since, until, tenantIds, categories, by });
}

async function follow(
  redis: QueueRedis,
  backfills: Backfills,
  id: string,
  { yes = false, dryRun = false, json = false, by = systemUser() }: BackfillOptions,
  signal: AbortSignal,
): Promise<void> {
  const tell = createTellTroubles();
  const counted = await lookUntil(backfills, id, ({ state }) => state !== 'counting', tell, signal);
  if (signal.aborted) {
    process.stderr.write(`xw: interrupted before it began: xw backfill --run ${id} goes on\n`);
    process.exitCode = 1;
    return;
  }
  const { state } = sumOf(counted);
  const isOpen = state !== 'done';
  if (dryRun || !isOpen || !yes) {
    report(counted, json, isOpen && !dryRun ? [`add --yes to start: xw backfill --run ${id} --yes`] : []);
    process.exitCode = isOpen && !dryRun ? 1 : 0;
    return;
  }
  const lines = planLines(counted);
  process.stderr.write(lines.map((line) => `xw: ${line}\n`).join(''));
  await startBackfill({ redis, backfills, by }, counted);
  const { found } = sumOf(counted);
  const progress = progressBar(Math.max(1, found));
  const ended = await lookUntil(
    backfills,
    id,
    (sum) => {
      progress.show(Math.min(sum.read, found));
      return sum.state === 'done' || sum.state === 'failed' || sum.state === 'stopped';
    },
    tell,
    signal,
  );
  progress.end();
  if (signal.aborted) await backfills.stop(id);
  const end = signal.aborted ? 'stopped' : sumOf(ended).state;
  report(ended, json, end === 'stopped' ? [`stopped: xw backfill --run ${id} --yes goes on with it`] : []);
  process.exitCode = end === 'done' ? 0 : 1;
}

/** Looks again and again, until it is enough or the command is interrupted. */
async function lookUntil(
  backfills: Backfills,
  id: string,
  isEnough: (sum: BackfillSum) => boolean,
  tell: (sum: BackfillSum) => void,
  signal: AbortSignal,
): Promise<Backfill> {
  for (;;) {
    const backfill = await backfills.read(id);
    if (!backfill) throw new CodedError('XW_NO_BACKFILL', `there is no backfill ${printable(id)}, or not any more`);
    const sum = sumOf(backfill);
    tell(sum);
    if (isEnough(sum) || signal.aborted) return backfill;
    await wait(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Says once why an organisation waits, or one of its lists has failed. */
function createTellTroubles(): (sum: BackfillSum) => void {
  const told = new Set<string>();
  return ({ troubles }) => {
    for (const { tenantId, category, state, trouble } of troubles) {
      const line =
        state === 'failed'
          ? `${category} of organisation ${tenantId} cannot be read: ${trouble}`
          : `organisation ${tenantId} waits: ${trouble}`;
      if (!told.has(line)) process.stderr.write(`xw: ${printable(line)}\n`);
      told.add(line);
    }
  };
}

function planLines(backfill: Backfill): string[] {
  const { organisations, found, unknown, callsLeft, calls } = sumOf(backfill);
  const span = `from ${timeText(backfill.since)} to ${backfill.until > Date.now() ? 'now' : timeText(backfill.until)}`;
  return [
    `${countOf(found, 'resource')} changed in ${countOf(organisations, 'organisation')} ${span}`,
    `reading ${found === 1 ? 'it' : 'them'} takes ${callsText(callsLeft, unknown)}; counting took ${countOf(calls, 'call')}`,
  ];
}

function callsText(calls: number, unknown: number): string {
  if (unknown === 0) return countOf(calls, 'call');
  return `${calls} calls or more, as Xero does not say how much ${countOf(unknown, 'list has', 'lists have')}`;
}

function report(backfill: Backfill, json: boolean, remarks: readonly string[]): void {
  if (json) return printJson(jsonOf(backfill));
  const { read, added, known, calls, state } = sumOf(backfill);
  if (state === 'planned') return printLines([...planLines(backfill), ...remarks]);
  const done = `read ${countOf(read, 'resource')} with ${countOf(calls, 'call')}: ${countOf(added, 'event')} enqueued, ${known} needed none`;
  printLines([done, ...remarks]);
}

function jsonOf(backfill: Backfill): BackfillJson {
  const { id, since, until } = backfill;
  const { troubles, ...sum } = sumOf(backfill);
  return {
    run: id,
    ...sum,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    troubles: troubles.map((one) => ({ ...one, trouble: one.trouble ?? '' })),
  };
}
