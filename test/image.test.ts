import { existsSync, readdirSync } from 'node:fs';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { expect, it } from 'vitest';
import { describeIf, testPrefix } from '@xero-webhooks/testing';
import { BUILT_FOR_ONE_SYSTEM, IMAGE_PACKAGES } from './support/image-packages.ts';
import { installedPackages, installImage } from './support/image.ts';
import { BOARD_LOGIN, post, startBoard, startIngress, startWorker } from './support/system.ts';

const image = installImage();
const folder = image?.folder ?? '';

describeIf(image !== undefined, 'the registry of packages')('the program in the image', () => {
  it('has the packages that run in production, and no others', () => {
    const installed = installedPackages(folder).filter((name) => !BUILT_FOR_ONE_SYSTEM.test(name));
    expect(installed).toEqual([...IMAGE_PACKAGES].toSorted());
  });

  it('has the three apps, and none of the packages that are for tests', () => {
    expect(readdirSync(`${folder}apps`).toSorted()).toEqual(['board', 'ingress', 'worker']);
    expect(readdirSync(`${folder}packages`)).not.toContain('testing');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => !/node_modules/.test(file),
    );
    expect(files.filter((file) => /\.test\.ts$|-for-tests\.ts$|\.env|secrets|\.data/.test(file))).toEqual([]);
    expect(existsSync(`${folder}test`)).toBe(false);
  });

  it('runs: an event gets from the ingress to the worker, and the board shows its pages', async () => {
    const prefix = testPrefix();
    const [ingress, worker, board] = await Promise.all([
      startIngress(prefix, {}, { root: folder }),
      startWorker(prefix, 'apps/worker/src/handlers/index.ts', {}, { root: folder }),
      startBoard(prefix, {}, { root: folder }),
    ]);
    const event = xeroEvent({
      category: 'payment',
      type: 'create',
      resourceId: 'r-1',
      tenantId: 't-1',
      dateUtc: '2026-01-01T00:00:00',
    });
    expect((await post(ingress.url, xeroBody([event], 1))).status).toBe(200);
    expect(await worker.line(({ msg }) => msg === 'event handled')).toMatchObject({ event: 'payment.created' });
    const login = Buffer.from(`${BOARD_LOGIN.user}:${BOARD_LOGIN.password}`).toString('base64');
    const page = await fetch(board.url, { headers: { authorization: `Basic ${login}` } });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<html')]);
  });
});

it('has none of the packages in the image that only tests and development need', () => {
  const forTests = new Set([
    'testcontainers',
    'dockerode',
    'ssh2',
    'js-redis-server',
    'chokidar',
    'vitest',
    'typescript',
  ]);
  expect(IMAGE_PACKAGES.filter((name) => forTests.has(name))).toEqual([]);
});
