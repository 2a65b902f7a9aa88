import { readFileSync } from 'node:fs';
import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScriptText } from '@xero-webhooks/runtime';
import { Packr } from 'msgpackr';
import type { EventJob } from '../event-job.ts';
import type { EventQueue } from '../open-queue.ts';
import { perJobFunction } from './per-job-function.ts';
import { testedText } from './tested-text.ts';

/** Adds jobs to a queue. @returns those that it had already */
export type AddJobs = (queue: EventQueue, jobs: readonly EventJob[]) => Promise<readonly EventJob[]>;

/** As BullMQ packs what it gives its scripts. */
const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: true });

/** In the order of each script's `KEYS`. */
const KEYS = {
  addStandardJob: ['wait', 'paused', 'meta', 'id', 'completed', 'delayed', 'active', 'events', 'marker'],
  addPrioritizedJob: ['marker', 'meta', 'id', 'prioritized', 'delayed', 'completed', 'active', 'events', 'pc'],
} as const;

/** Redis does nothing else while a script runs: this many jobs take it a few milliseconds. */
const MAX_JOBS_A_SCRIPT = 128;

/**
 * The call that adds jobs with one script for all of them, around BullMQ's own text. It leaves Redis in the state in
 * which `addBulk` leaves it, except that a job's options do not repeat its id, and takes the process a fraction of the time.
 *
 * @param client the connection to use, with the keys of one queue in one slot
 * @param options the options of every job; with a priority, jobs without one go first
 * @returns `undefined` if the installed BullMQ's text is not the one that was tested
 */
export function bindAddJobs(
  client: RedisClient,
  options: { readonly attempts: number; readonly backoff: object; readonly priority?: number },
): AddJobs | undefined {
  const ofBullmq = options.priority === undefined ? 'addStandardJob' : 'addPrioritizedJob';
  const text = testedText(ofBullmq);
  if (text === undefined) return undefined;
  const script = bindScriptText(client, `xw:${ofBullmq}`, () => [
    perJobFunction(text, 'add'),
    readFileSync(new URL('add-jobs.lua', import.meta.url), 'utf8'),
  ]);
  const packedOptions = packr.pack(options);

  return async (queue, jobs) => {
    // As BullMQ's own calls do: it fails while the queue cannot be used.
    await queue.waitUntilReady();
    const scriptKeys = KEYS[ofBullmq].map((key) => queue.keys[key]!);
    const timestamp = Date.now();
    const sent: Promise<readonly EventJob[]>[] = [];
    for (let at = 0; at < jobs.length; at += MAX_JOBS_A_SCRIPT) {
      const some = jobs.slice(at, at + MAX_JOBS_A_SCRIPT);
      const args: (Buffer | string)[] = [packedOptions];
      for (const { id, name, data } of some) {
        args.push(
          queue.toKey(id),
          packr.pack([queue.keys[''], id, name, timestamp, null, null, null, null, null, null]),
          JSON.stringify(data),
        );
      }
      sent.push(script(scriptKeys, args).then((places) => (places as number[]).map((place) => some[place]!)));
    }
    return (await Promise.all(sent)).flat();
  };
}
