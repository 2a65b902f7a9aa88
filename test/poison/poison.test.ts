import { expect, it } from 'vitest';
import { describeWithRedisBinary, until } from '@xero-webhooks/testing';
import { CAUSES, poisonSystem } from './run-poison.ts';

const good = (count: number, kind = 'good'): string[] =>
  Array.from({ length: count }, (_, number) => `${kind}-${number}`);

/** Long enough for the pauses after runs that were lost alone. */
const TIMEOUT_MS = 150_000;

describeWithRedisBinary('an event that ends its process', () => {
  it.concurrent.for(Object.entries(CAUSES))(
    'by being %s is a dead letter after three runs, and those beside it are handled',
    { timeout: TIMEOUT_MS },
    async ([kind, cause], { onTestFinished: atEnd }) => {
      const system = await poisonSystem(1, atEnd);
      const innocent = good(30);
      await system.send([...innocent.slice(0, 15), `${kind}-1`, ...innocent.slice(15)]);
      await system.idle(TIMEOUT_MS - 20_000);
      expect(await system.deadLetters()).toEqual({ [`${kind}-1`]: expect.stringMatching(cause) });
      expect(system.notes('begin', `${kind}-1`)).toHaveLength(3);
      const lines = system.workers.flatMap((worker) => worker.lines());
      expect(lines).toContainEqual(
        expect.objectContaining({ level: 'warn', code: 'XW_EVENT_SUSPECT', resourceId: `${kind}-1`, lostRuns: 2 }),
      );
      expect(lines).toContainEqual(
        expect.objectContaining({ level: 'error', alert: 'dead-letter', resourceId: `${kind}-1` }),
      );
      expect(new Set(system.notes('end').map(({ key }) => key))).toEqual(new Set(innocent));
    },
  );

  it.concurrent(
    'by standing still has what had succeeded beside it recorded, so that it runs once',
    { timeout: TIMEOUT_MS },
    async ({ onTestFinished: atEnd, expect: expected }) => {
      const system = await poisonSystem(2, atEnd, { JOB_LOCK_MS: '5000' });
      // They end before the event loop blocks, some in the same turn.
      const innocent = good(14, 'quick');
      await system.send([...innocent.slice(0, 10), 'blocked-1', ...innocent.slice(10)]);
      await system.idle(TIMEOUT_MS - 20_000);
      // The other worker takes the job over before its process ends, and still finds the cause.
      expected(await system.deadLetters()).toEqual({ 'blocked-1': expected.stringMatching(CAUSES.blocked) });
      const ended = system.notes('end').map(({ key }) => key);
      expected(ended.toSorted()).toEqual(innocent.toSorted());
    },
  );

  it.concurrent(
    'is told from those that were at work when somebody else killed the process, five times in a row',
    { timeout: TIMEOUT_MS },
    async ({ onTestFinished: atEnd, expect: expected }) => {
      const system = await poisonSystem(2, atEnd);
      const innocent = good(400);
      await system.send(innocent);
      for (let kills = 1; kills <= 5; kills++) {
        const begun = system.notes('begin').length;
        await until(() => system.notes('begin').length >= begun + 5, 'events to be at work');
        for (const worker of system.workers) worker.kill();
      }
      await system.idle(TIMEOUT_MS - 20_000);
      expected(await system.deadLetters()).toEqual({});
      expected(new Set(system.notes('end').map(({ key }) => key))).toEqual(new Set(innocent));
    },
  );
});
