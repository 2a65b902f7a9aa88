import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { xeroBody } from '@xero-webhooks/fake-xero';
import { findRedisBinary, freePort, startRedisBinary } from '@xero-webhooks/local-redis';
import { eventKey } from '@xero-webhooks/webhook';
import { describeWithRedisBinary, ROOT, testClient, until, waitingIn } from '@xero-webhooks/testing';
import { expect, it, onTestFinished } from 'vitest';
import { handledFile } from './support/handled-file.ts';
import { numberedEvent } from './support/steady-requests.ts';
import { post, startIngress, startWorker } from './support/system.ts';

const HANDLERS = `${ROOT}test/support/unhurried-handlers.ts`;
const PREFIX = 'restored';

async function redisIn(dir: string, ...args: string[]) {
  const port = await freePort();
  const redis = await startRedisBinary(findRedisBinary(process.env['PATH']!)!, { dir, port, args });
  onTestFinished(redis.stop);
  const url = `redis://127.0.0.1:${port}`;
  const client = testClient(url);
  // It outlives its Redis here.
  client.on('error', () => {});
  return { url, stop: redis.stop, client };
}

describeWithRedisBinary('a backup', () => {
  it('as docs/deploy.md says, has what was accepted until then, and what was handled is not handled again', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'xw-backup-'));
    const lost = await redisIn(dir, '--appendonly', 'yes');
    const { file, read } = handledFile();
    const keys = Array.from({ length: 30 }, (_, number) => eventKey(numberedEvent(number)));
    const send = async (url: string, from: number, to: number): Promise<void> => {
      for (let number = from; number < to; number++) {
        expect((await post(url, xeroBody([numberedEvent(number)], number + 1))).status).toBe(200);
      }
    };

    const ingress = await startIngress(PREFIX, { REDIS_URL: lost.url });
    const worker = await startWorker(PREFIX, HANDLERS, { REDIS_URL: lost.url, HANDLED_FILE: file });
    await send(ingress.url, 0, 10);
    await until(() => read().length === 10, 'the first events to be handled');
    worker.child.kill('SIGTERM');
    await worker.ended;
    await send(ingress.url, 10, 30);

    // The commands of docs/deploy.md: a snapshot, copied while Redis goes on, and lost is all that it was of.
    await lost.client.bgsave();
    await until(async () => /rdb_bgsave_in_progress:0/.test(await lost.client.info('persistence')), 'the snapshot');
    const copy = mkdtempSync(join(tmpdir(), 'xw-backup-'));
    cpSync(join(dir, 'dump.rdb'), join(copy, 'dump.rdb'));
    ingress.child.kill('SIGTERM');
    await ingress.ended;
    await lost.stop();

    const restored = await redisIn(copy, '--appendonly', 'no');
    await restored.client.config('SET', 'appendonly', 'yes');
    await until(
      async () =>
        /aof_rewrite_in_progress:0\r\n[^]*aof_last_bgrewrite_status:ok/.test(await restored.client.info('persistence')),
      'the append-only file to be written',
    );
    const again = await startIngress(PREFIX, { REDIS_URL: restored.url });
    // Xero sends again what it does not know to be accepted.
    await send(again.url, 0, 30);
    await startWorker(PREFIX, HANDLERS, { REDIS_URL: restored.url, HANDLED_FILE: file });
    await until(() => read().length >= 30, 'the rest to be handled');
    await until(async () => (await waitingIn(restored.client, `${PREFIX}:xero-events-0`)) === 0, 'nothing to wait');
    expect(
      read()
        .map(({ key }) => key)
        .toSorted(),
    ).toEqual(keys.map((key) => `${key}.unhurried`).toSorted());
  });
});
