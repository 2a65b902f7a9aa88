import { readFileSync } from 'node:fs';
import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScriptText } from '@xero-webhooks/runtime';
import { batchCalls } from '../batch-calls.ts';
import { perJobFunction } from './per-job-function.ts';
import { installedBullmq, testedText } from './tested-text.ts';

/** The keys and arguments with which BullMQ ends a job, as it gives them to its command. */
type End = readonly (string | number | Buffer | undefined)[];

const KEYS = 14;
const FIRST_OWN_KEY = 10;
const OWN_KEYS = 3;

/**
 * Has the jobs that end in one turn of the event loop end with one script around BullMQ's own text, where each would take
 * a script of its own. BullMQ finds its command, which ends a job and takes the next one, already defined on the connection.
 *
 * Like a command of BullMQ's own, one that fails is not sent again: what it did for its jobs is not known.
 *
 * @param client the connection of one worker, before the worker is made
 * @returns whether it could: not if the installed BullMQ's text is not the one that was tested
 */
export function endJobsTogether(client: RedisClient, bullmq = installedBullmq()): boolean {
  const text = testedText('moveToFinished', bullmq);
  if (bullmq === undefined || text === undefined) return false;
  const script = bindScriptText(client, 'xw:end-jobs', () => [
    perJobFunction(text, 'finish'),
    readFileSync(new URL('end-jobs.lua', import.meta.url), 'utf8'),
  ]);
  const end = batchCalls<End, unknown>({
    groupOf: () => '',
    again: 'never',
    async send(ends) {
      const own = ends.flatMap((one) => one.slice(FIRST_OWN_KEY, FIRST_OWN_KEY + OWN_KEYS));
      const keys = [...ends[0]!.slice(0, KEYS), ...own] as string[];
      const args = ends.flatMap((one) => one.slice(KEYS).map((arg) => arg ?? ''));
      return (await script(keys, args)) as unknown[];
    },
  });
  const command = async (given: End): Promise<unknown> => {
    const reply = await end(given);
    if (reply instanceof Error) throw reply;
    return reply;
  };
  Object.assign(client, { [`moveToFinished:${bullmq.version}`]: command });
  return true;
}
