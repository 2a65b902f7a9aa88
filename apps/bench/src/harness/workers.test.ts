import { describe, expect, it } from 'vitest';
import { waitingClients } from './workers.ts';

describe('the clients that wait for a job', () => {
  it('are those that block on a marker', () => {
    const list = [
      'id=3 addr=127.0.0.1:1 name=xw-worker-0 flags=N cmd=evalsha user=default',
      'id=4 addr=127.0.0.1:2 name=xw-worker-0 flags=b cmd=bzpopmin user=default',
      'id=5 addr=127.0.0.1:3 name= flags=b cmd=bzpopmin user=default',
      '',
    ].join('\n');
    expect(waitingClients(list)).toBe(2);
    expect(waitingClients('')).toBe(0);
  });
});
