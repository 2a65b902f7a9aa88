import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeIf } from '@xero-webhooks/testing';
import { CAUSES, poisonSystem } from './run-poison.ts';

const minutes = Number(process.env['POISON_MINUTES'] ?? 0);
const events = Number(process.env['POISON_EVENTS'] ?? 2_000);

const KINDS = Object.keys(CAUSES);
const REQUEST = 10;

describeIf(minutes > 0, 'POISON_MINUTES, as npx pnpm@12 test:poison sets it')(
  'among good events, one of each kind that ends its process',
  () => {
    it(
      'is a dead letter that names its cause, and every good event is handled, twice only where a process was lost',
      { timeout: (minutes + 5) * 60_000 },
      async ({ onTestFinished: atEnd }) => {
        const system = await poisonSystem(3, atEnd);
        const good = Array.from({ length: events }, (_, number) => `good-${number}`);
        const requests = Array.from({ length: Math.ceil(events / REQUEST) }, (_, request) =>
          good.slice(request * REQUEST, (request + 1) * REQUEST),
        );
        for (const [index, kind] of KINDS.entries()) {
          requests[Math.floor(((index + 0.5) * requests.length) / (KINDS.length + 2))]!.push(`${kind}-1`);
        }
        // The last fifth of the time is for jobs that the poison delays.
        for (const request of requests) {
          await system.send(request);
          await wait((minutes * 60_000 * 0.8) / requests.length);
        }
        await system.idle(240_000);

        const dead = await system.deadLetters();
        process.stdout.write(
          `\n${Object.entries(dead)
            .map(([key, reason]) => `${key}  ${reason}`)
            .join('\n')}\n`,
        );
        expect(dead).toEqual(
          Object.fromEntries(
            Object.entries(CAUSES).map(([kind, cause]) => [`${kind}-1`, expect.stringMatching(cause)]),
          ),
        );
        const ends = Map.groupBy(system.notes('end'), ({ key }) => key);
        expect(good.filter((key) => !ends.has(key))).toEqual([]);
        const lost = new Set(system.workers.flatMap((worker) => worker.lost));
        const twice = [...ends].filter(([, notes]) => notes.length > 1);
        process.stdout.write(
          `${good.length} good events, ${lost.size} processes lost, ${twice.length} handled twice\n`,
        );
        expect(twice.filter(([, notes]) => notes.filter(({ pid }) => !lost.has(pid)).length > 1)).toEqual([]);
      },
    );
  },
);
