import { xeroBody } from '@xero-webhooks/fake-xero';
import { eventKey } from '@xero-webhooks/webhook';
import { ROOT, testPrefix, until } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import type { Handled } from './support/handled-file.ts';
import { handledFile } from './support/handled-file.ts';
import { numberedEvent } from './support/steady-requests.ts';
import type { IngressProcess } from './support/system.ts';
import { post, startIngress, startWorker } from './support/system.ts';

const HANDLERS = `${ROOT}test/support/unhurried-handlers.ts`;

/** What stands before the ingresses: it knows which of them get requests, and how many each still works on. */
function loadBalancer() {
  const targets = new Set<IngressProcess>();
  /** How many requests each works on. */
  const open = new Map<IngressProcess, number>();
  let turn = 0;
  let sent = 0;
  const statuses: number[] = [];
  return {
    add: (target: IngressProcess) => void targets.add(target),
    /** Takes one out, and waits until it has answered all that it got. */
    async drain(target: IngressProcess): Promise<void> {
      targets.delete(target);
      await until(() => (open.get(target) ?? 0) === 0, 'the last answer of an ingress');
    },
    /** Sends one event. */
    async send(): Promise<void> {
      const number = sent++;
      const target = [...targets][turn++ % targets.size]!;
      open.set(target, (open.get(target) ?? 0) + 1);
      try {
        statuses.push((await post(target.url, xeroBody([numberedEvent(number)], number + 1))).status);
      } finally {
        open.set(target, open.get(target)! - 1);
      }
    },
    statuses,
    keys: () => Array.from({ length: sent }, (_, number) => eventKey(numberedEvent(number))),
  };
}

describe('a rolling update', () => {
  it('under load loses no event, handles none twice, burns no attempt and logs no error', async () => {
    const prefix = testPrefix();
    const { file, read } = handledFile();
    const ingress = (): Promise<IngressProcess> => startIngress(prefix);
    const worker = () => startWorker(prefix, HANDLERS, { HANDLED_FILE: file });
    const balancer = loadBalancer();
    const [ingresses, workers] = [
      [await ingress(), await ingress()],
      [await worker(), await worker()],
    ];
    const started = [...ingresses, ...workers];
    for (const one of ingresses) balancer.add(one);

    let isUpdating = true;
    const senders = Array.from({ length: 6 }, async () => {
      while (isUpdating) await balancer.send();
    });
    for (const [at, old] of ingresses.entries()) {
      const fresh = await ingress();
      started.push(fresh);
      balancer.add(fresh);
      await balancer.drain(old);
      old.child.kill('SIGTERM');
      const oldWorker = workers[at]!;
      const freshWorker = await worker();
      started.push(freshWorker);
      await until(() => read().length > 20 * (at + 1), 'events to be handled');
      oldWorker.child.kill('SIGTERM');
      expect([await old.ended, await oldWorker.ended]).toEqual([
        { code: 0, signal: null },
        { code: 0, signal: null },
      ]);
    }
    isUpdating = false;
    await Promise.all(senders);

    const keys = balancer.keys();
    expect(new Set(balancer.statuses)).toEqual(new Set([200]));
    await until(() => read().length >= keys.length, 'every event to be handled', 40_000);
    const handled = read() as (Handled & { attempt: number })[];
    const expected = keys.map((key) => `${key}.unhurried`);
    expect(handled.map(({ key }) => key).toSorted()).toEqual(expected.toSorted());
    expect(handled.filter(({ attempt }) => attempt !== 1)).toEqual([]);
    const complaints = started.flatMap(({ lines }) => lines.filter(({ level }) => !['info', 'warn'].includes(level)));
    expect(complaints).toEqual([]);
  }, 90_000);
});
