import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { signedHeaders, xeroBody } from '@xero-webhooks/fake-xero';
import { freePort } from '@xero-webhooks/local-redis';
import { captureA, until } from '@xero-webhooks/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startXw } from './support/run-xw.ts';
import { numberedEvent } from './support/steady-requests.ts';

const KEY = 'a-key-of-these-tests';

async function listen(...args: string[]) {
  const xw = startXw(['listen', '--port', '0', '--key', KEY, ...args]);
  onTestFinished(() => void xw.child.kill('SIGKILL'));
  await until(() => xw.stderr().includes('listening at'), 'xw listen to listen');
  const [url] = /http:\/\/\S+?(?=;)/.exec(xw.stderr())!;
  return { ...xw, url };
}

describe.concurrent('xw listen', () => {
  it('prints each verified event, and answers as the ingress does', async () => {
    const { url, stdout, child, ended } = await listen();
    const body = xeroBody([numberedEvent(1), numberedEvent(2)], 1);
    const good = await fetch(url, { method: 'POST', body: new Uint8Array(body), headers: signedHeaders(body, KEY) });
    expect([good.status, await good.text()]).toEqual([200, '']);
    const intent = xeroBody([], 0);
    await fetch(url, { method: 'POST', body: new Uint8Array(intent), headers: signedHeaders(intent, KEY) });
    const bad = await fetch(url, { method: 'POST', body: new Uint8Array(body), headers: signedHeaders(body, 'other') });
    expect([bad.status, await bad.text()]).toEqual([401, '']);
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(`${url}/else`, { method: 'POST' })).status).toBe(404);
    await until(() => stdout().split('\n').length > 6, 'six lines');
    expect(
      stdout()
        .split('\n')
        .map((line) => line.replace(/^\d\d:\d\d:\d\d /, '')),
    ).toEqual([
      expect.stringMatching(/^ 200 {2}invoice\.\w+ +\S+ {2}organisation /),
      expect.stringMatching(/^ 200 {2}invoice\.\w+ +\S+ {2}organisation /),
      ' 200  intent to receive',
      ' 401  refused: the signature was not made with this key',
      ' 405  not-post: GET is not POST',
      ' 404  not-found: webhooks arrive at /webhook',
      '',
    ]);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it('passes a verified request on with its bytes and signature as they came', async () => {
    const got: { body: Buffer; headers: IncomingHttpHeaders }[] = [];
    const target = createServer((request, response) => {
      void buffer(request).then((body) => {
        got.push({ body, headers: request.headers });
        response.writeHead(202).end('thanks');
      });
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void target.close());
    const to = `http://127.0.0.1:${(target.address() as AddressInfo).port}/hook`;
    const { url, stdout } = await listen('--forward-to', to, '--json');
    const body = xeroBody([numberedEvent(1)], 1);
    const headers = signedHeaders(body, KEY);
    await fetch(url, { method: 'POST', body: new Uint8Array(body), headers: signedHeaders(body, 'other') });
    await fetch(url, { method: 'POST', body: new Uint8Array(body), headers });
    await until(() => stdout().includes('forwarded'), 'the request to be passed on');
    expect(got).toMatchObject([{ body, headers }]);
    expect(
      stdout()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { status: 401, outcome: 'refused' },
      { status: 200, outcome: 'received', events: [{ name: 'invoice.updated' }], unreadable: [] },
      { outcome: 'forwarded', to, status: 202 },
    ]);
  });

  it('reports what it passes on to and cannot reach, and answers Xero all the same', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}/`;
    const { url, stdout } = await listen('--forward-to', nowhere);
    const { body } = captureA;
    const headers = signedHeaders(Buffer.from(body), KEY);
    expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(200);
    await until(() => stdout().includes(`→ ${nowhere}: ECONNREFUSED`), 'the report');
  });

  it('names the option to change where the port is taken', async () => {
    const { url } = await listen();
    const second = startXw(['listen', '--port', new URL(url).port, '--key', KEY]);
    expect(await second.ended).toBe(1);
    expect(second.stderr()).toMatch(/^xw: port \d+ on 127\.0\.0\.1 is taken: set --port to another port/);
  });
});
