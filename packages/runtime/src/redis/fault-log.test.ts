import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { FaultLog } from './fault-log.ts';
import { createFaultLog } from './fault-log.ts';

const MINUTE = 60_000;

function faultLog(): { faults: FaultLog; lines: { cause: string; msg: string }[]; clock: { at: number } } {
  const lines: { cause: string; msg: string }[] = [];
  const clock = { at: 0 };
  const faults = createFaultLog({
    log: pino({}, { write: (line) => void lines.push(JSON.parse(line)) }),
    address: 'redis.example',
    variable: 'REDIS_URL',
    servers: [],
    tls: false,
    now: () => clock.at,
  });
  return { faults, lines, clock };
}

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });

/** A line is written at the end of the turn. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the faults of all connections', () => {
  it('are told of once for each cause, and then seldom', async () => {
    const { faults, lines, clock } = faultLog();
    for (const name of ['one', 'two', 'one']) faults.note(refused, name);
    faults.note(unknown, 'one');
    await nextTurn();
    clock.at = 4 * MINUTE;
    faults.note(refused, 'one');
    await nextTurn();
    expect(lines.map(({ cause }) => cause)).toEqual(['ECONNREFUSED', 'ENOTFOUND']);
    expect(lines[0]).toMatchObject({
      level: 40,
      redis: 'redis.example',
      connection: 'one',
      msg: expect.stringMatching(/^a connection to Redis failed: nothing listens there/),
    });
    clock.at = 5 * MINUTE;
    faults.note(refused, 'one');
    await nextTurn();
    expect(lines).toHaveLength(3);
  });

  it('are news again once Redis was there, and none where somebody else has told of them', async () => {
    const { faults, lines } = faultLog();
    faults.told('ECONNREFUSED');
    faults.note(refused, 'one');
    await nextTurn();
    expect(lines).toHaveLength(0);
    faults.forget();
    faults.note(refused, 'one');
    await nextTurn();
    expect(lines).toHaveLength(1);
  });
});
