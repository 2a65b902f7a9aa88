import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { ConfigOf, RedisClient, redisVariables } from '@xero-webhooks/runtime';
import type { SeenAtWork } from '../at-work.ts';
import { readAtWork } from '../at-work.ts';
import type { Gate } from '../gate/gate.ts';
import type { Blame } from '../gate/protocol.ts';
import type { Culprit } from './loop-watch.ts';
import type { LoopWatchData } from './signals.ts';
import { SIGNALS } from './signals.ts';

const data = workerData as LoopWatchData;
const signals = new Int32Array(data.signals);

/** How often to look at the loop, in milliseconds. */
const LOOK_MS = 250;

/** How long a blocked loop has beyond the time limit of its handlers, in milliseconds. */
const GRACE_MS = 5_000;

/** How long to wait at most for Redis to take the records, in milliseconds: less than an exit waits for this thread. */
const REDIS_MS = 9_000;

let beat = -1;
let beatAt = performance.now();
let lookedAt = performance.now();
let ending = false;
/** Whether it is on record that the loop is blocked, this time. */
let told = false;
const recorded = new Set<string>();
let opening: Promise<{ gate: Gate; client: RedisClient }> | undefined;

/** Connects late: only a process in trouble needs this. */
async function openGate(): Promise<{ gate: Gate; client: RedisClient }> {
  const [{ createRedisConnections }, { createGate }] = await Promise.all([
    import('@xero-webhooks/runtime'),
    import('../gate/gate.ts'),
  ]);
  const config = data.redis as ConfigOf<typeof redisVariables>;
  const connections = createRedisConnections(config);
  // A connection whose commands wait until it is ready.
  const client = connections.forWorker('xw-loop-watch');
  const gate = createGate({
    client,
    prefix: config.REDIS_PREFIX,
    cluster: connections.cluster,
    rememberMs: data.rememberMs,
  });
  return { gate, client };
}

async function withGate(work: (gate: Gate) => Promise<unknown>): Promise<void> {
  const done = (opening ??= openGate()).then(({ gate }) => work(gate)).catch(() => {});
  await Promise.race([done, new Promise((resolve) => setTimeout(resolve, REDIS_MS))]);
}

async function recordSuccesses(seen: readonly SeenAtWork[]): Promise<void> {
  const fresh = seen.filter(
    ({ state, event, handler }) => state === 'succeeded' && !recorded.has(`${event.jobId}.${handler.name}`),
  );
  if (fresh.length === 0) return;
  for (const { event, handler } of fresh) recorded.add(`${event.jobId}.${handler.name}`);
  await withGate((gate) => Promise.all(fresh.map(({ event, handler }) => gate.record(event, handler))));
}

/** Records which events were at work and whether they are to blame for the end of the process. */
async function recordEnd(seen: readonly SeenAtWork[], blameOf: (running: SeenAtWork) => Blame): Promise<void> {
  await recordSuccesses(seen);
  const byJob = new Map(runningOf(seen).map((one) => [one.event.jobId, one]));
  if (byJob.size === 0) return;
  await withGate((gate) => Promise.all([...byJob.values()].map((one) => gate.lastWords(one.event, blameOf(one)))));
}

function runningOf(seen: readonly SeenAtWork[]): SeenAtWork[] {
  return seen.filter(({ state }) => state === 'running');
}

async function look(): Promise<void> {
  const now = performance.now();
  // A machine that slept stopped both threads.
  const slept = now - lookedAt > data.stillMs;
  lookedAt = now;
  const latest = Atomics.load(signals, SIGNALS.beat);
  if (latest !== beat || slept) {
    if (beat !== latest) {
      recorded.clear();
      told = false;
    }
    beat = latest;
    beatAt = now;
    return;
  }
  const stillMs = now - beatAt;
  if (ending || stillMs < data.stillMs) return;
  const seen = readAtWork(data.atWork);
  const running = runningOf(seen);
  // Another worker takes over a job once its lock has ended, and must find this record then.
  if (!told) void recordEnd(seen, () => standstill(running));
  told = true;
  const limits = running.map(({ handler }) => handler.timeoutMs);
  const limit = limits.length > 0 ? Math.max(...limits) : data.timeoutMs;
  if (stillMs < limit + GRACE_MS) return;
  ending = true;
  await endProcess(seen, stillMs);
}

async function endProcess(seen: readonly SeenAtWork[], stillMs: number): Promise<void> {
  const running = runningOf(seen);
  log({
    code: 'XW_EVENT_LOOP_BLOCKED',
    alert: 'event-loop-blocked',
    stillMs: Math.round(stillMs),
    atWork: running.slice(0, 20).map(({ event, eventName, handler }) => ({
      event: eventName,
      key: event.jobId,
      handler: handler.name,
      resourceId: event.resourceId,
    })),
    msg: 'the event loop is blocked: ending the process. Look for an endless loop or synchronous work in the handlers at work',
  });
  await recordEnd(seen, () => standstill(running, stillMs));
  process.kill(process.pid, 'SIGKILL');
}

/** An event that was alone at work is to blame. */
function standstill(running: readonly SeenAtWork[], ms?: number): Blame {
  const jobs = new Set(running.map(({ event }) => event.jobId));
  const howLong =
    ms === undefined ? ', as in a loop that never ends or when memory runs out' : ` for ${Math.round(ms / 1000)} s`;
  return { blame: jobs.size === 1 ? 'own' : 'unknown', cause: `its event loop stood still${howLong}` };
}

/** Writes a line in the form of the process's log, because the process itself cannot write any more. */
function log(fields: object): void {
  const line = { level: 'fatal', time: new Date().toISOString(), app: 'worker', ...fields };
  try {
    writeSync(1, `${JSON.stringify(line)}\n`);
  } catch {
    // Standard output is closed.
  }
}

async function witnessExit(): Promise<void> {
  await Atomics.waitAsync(signals, SIGNALS.exiting, 0).value;
  ending = true;
  const code = Atomics.load(signals, SIGNALS.exitCode);
  const inOrder = Atomics.load(signals, SIGNALS.inOrder) === 1;
  const culprit = readCulprit();
  const seen = readAtWork(data.atWork);
  // Code that a finished run left behind may be the cause: then the events at work are not to blame.
  const guilty = runningOf(seen).find(
    ({ event, handler }) => event.jobId === culprit?.jobId && handler.name === culprit.handler,
  );
  await recordEnd(seen, ({ event, handler }) => {
    if (guilty && event.jobId === guilty.event.jobId) {
      return { blame: 'own', cause: `handler ${guilty.handler.name} ended it with exit code ${code}` };
    }
    if (guilty || inOrder) return { blame: 'other', cause: '' };
    return { blame: 'unknown', cause: `it exited with code ${code} while ${handler.name} was at work` };
  });
  Atomics.store(signals, SIGNALS.recorded, 1);
  Atomics.notify(signals, SIGNALS.recorded);
}

function readCulprit(): Culprit | undefined {
  const bytes = Buffer.from(data.culprit);
  const length = bytes.readInt32LE(0);
  return length === 0 ? undefined : (JSON.parse(bytes.toString('utf8', 4, 4 + length)) as Culprit);
}

setInterval(() => void look(), LOOK_MS);
void witnessExit();
