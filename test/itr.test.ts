import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { makeCertificates } from '@xero-webhooks/testing';
import * as v from 'valibot';
import type { onTestFinished } from 'vitest';
import { describe, expect, it } from 'vitest';
import { itrResult } from '../apps/cli/src/itr/schema.ts';
import { runXw } from './support/run-xw.ts';

const KEY = 'a-key-of-these-tests-that-is-long-enough';

/** A receiver as people write them: what it expects of a signature, and how it answers. */
type Receiver = {
  /** Makes the signature that it expects. */
  expects?: (body: Buffer) => string;
  accepts?: (sent: string, expected: string) => boolean;
  answers?: (response: ServerResponse, accepted: boolean) => void;
};

const hmac = (body: Buffer | string, key: Buffer | string = KEY): string =>
  createHmac('sha256', key).update(body).digest('base64');

const slashless = (text: string): string => text.replaceAll('/', '');

/** As JSON libraries other than JavaScript's write it, with blanks. */
const pythonJson = (body: Buffer): string =>
  JSON.stringify(JSON.parse(body.toString()), undefined, 1)
    .replaceAll(/\n\s*/g, ' ')
    .replaceAll(/([{[]) | ([}\]])/g, '$1$2');

const FAULTS: [fault: string, failed: string[], receiver: Receiver][] = [
  ['none', [], {}],
  [
    'body re-serialised',
    ['accepts-signed', 'raw-body'],
    { expects: (body) => hmac(JSON.stringify(JSON.parse(String(body)))) },
  ],
  ['body re-serialised with blanks', ['accepts-signed', 'raw-body'], { expects: (body) => hmac(pythonJson(body)) }],
  ['key decoded', ['accepts-signed', 'key-as-text'], { expects: (body) => hmac(body, Buffer.from(KEY, 'base64')) }],
  ['hexadecimal', ['accepts-signed'], { expects: (body) => Buffer.from(hmac(body), 'base64').toString('hex') }],
  ['another key', ['accepts-signed'], { expects: (body) => hmac(body, 'another') }],
  ['nothing verified', ['refuses-unsigned'], { accepts: () => true }],
  ['any signature', ['refuses-unsigned'], { accepts: (sent) => sent !== undefined }],
  [
    'a first character ignored',
    ['refuses-replaced'],
    { accepts: (sent, expected) => sent.length === 44 && sent.slice(1) === expected.slice(1) },
  ],
  ['length compared', ['refuses-other-key'], { accepts: (sent) => sent.length === 44 }],
  ['slashes stripped', ['refuses-slash'], { accepts: (sent, expected) => slashless(sent) === slashless(expected) }],
  ['case ignored', ['refuses-case'], { accepts: (sent, expected) => sent.toLowerCase() === expected.toLowerCase() }],
  [
    'a beginning accepted',
    ['refuses-truncated'],
    { accepts: (sent, expected) => sent !== '' && expected.startsWith(sent) },
  ],
  ['more accepted', ['refuses-extended'], { accepts: (sent, expected) => sent.startsWith(expected) }],
  ['wrong status', ['status-401'], { answers: (response, accepted) => response.writeHead(accepted ? 200 : 403).end() }],
  ['201', ['accepts-signed'], { answers: (response, accepted) => response.writeHead(accepted ? 201 : 401).end() }],
  [
    'body in the answer',
    ['empty-body'],
    { answers: (response, accepted) => response.writeHead(accepted ? 200 : 401).end('OK') },
  ],
  [
    'body in the refusal',
    ['empty-body'],
    { answers: (response, accepted) => response.writeHead(accepted ? 200 : 401).end(accepted ? '' : 'no') },
  ],
  [
    'cookie',
    ['no-cookies'],
    { answers: (response, accepted) => response.writeHead(accepted ? 200 : 401, { 'set-cookie': 'a=b' }).end() },
  ],
  [
    'redirect',
    ['no-redirect'],
    { answers: (response) => response.writeHead(301, { location: 'https://example.com/' }).end() },
  ],
];

describe.concurrent('xw itr', () => {
  it.for(FAULTS)('names the fault of a receiver: %s', async ([, failed, receiver], { onTestFinished: atEnd }) => {
    const url = await serve(receiver, atEnd);
    const { code, stdout, stderr } = await runXw(['itr', url, '--key', KEY, '--json']);
    const result = v.parse(itrResult, JSON.parse(stdout));
    expect(result.checks.filter((check) => check.result === 'failed').map(({ id }) => id)).toEqual(failed);
    expect({ code, stderr, passed: result.passed }).toEqual({
      code: failed.length === 0 ? 0 : 1,
      stderr: '',
      passed: failed.length === 0,
    });
  });

  it.for<[string, number, string]>([
    ['warns of answers that take over two seconds', 2_100, 'warning'],
    ['fails answers that take over five seconds', 5_100, 'failed'],
  ])('%s', { timeout: 90_000 }, async ([, delayMs, expected], { onTestFinished: atEnd }) => {
    const answers = (response: ServerResponse, accepted: boolean): void => {
      setTimeout(() => response.writeHead(accepted ? 200 : 401).end(), delayMs);
    };
    const { stdout } = await runXw(['itr', await serve({ answers }, atEnd), '--key', KEY, '--json']);
    const { checks } = v.parse(itrResult, JSON.parse(stdout));
    expect(checks.find(({ id }) => id === 'in-time')).toMatchObject({ result: expected });
    expect(checks.filter(({ result, id }) => result === 'failed' && id !== 'in-time')).toEqual([]);
  });

  it('looks at the rest where the certificate is not trusted', async ({ onTestFinished: atEnd }) => {
    const certificates = makeCertificates(mkdtempSync(join(tmpdir(), 'xw-itr-')), ['IP:127.0.0.1']);
    const server = createTlsServer(
      { key: readFileSync(certificates.key), cert: readFileSync(certificates.certificate) },
      listener({}),
    );
    const port = await listening(server, atEnd);
    const { code, stdout } = await runXw(['itr', `https://127.0.0.1:${port}/`, '--key', KEY, '--json']);
    const { checks } = v.parse(itrResult, JSON.parse(stdout));
    expect(checks.filter(({ result }) => result !== 'ok')).toMatchObject([{ id: 'certificate', result: 'failed' }]);
    expect(code).toBe(1);
  });

  it('says where nothing answers', async () => {
    const { code, stdout } = await runXw(['itr', 'http://127.0.0.1:1/', '--key', KEY]);
    expect(stdout).toMatch(/^FAILED {3}answers at all +no answer: ECONNREFUSED\n/);
    expect(stdout).toMatch(/does NOT pass: 1 check failed, 1 warning\n$/);
    expect(code).toBe(1);
  });

  it('prints nothing of an answer that could change a terminal', async ({ onTestFinished: atEnd }) => {
    const answers = (response: ServerResponse): void => {
      response.writeHead(302, { location: 'https://example.com/\u009B2J' }).end();
    };
    const { stdout } = await runXw(['itr', await serve({ answers }, atEnd), '--key', KEY]);
    // oxlint-disable-next-line no-control-regex -- that is what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
    expect(stdout).toContain('302 to https://example.com/');
  });

  it('refuses what is no address with exit code 2', async () => {
    const { code, stderr } = await runXw(['itr', 'localhost', '--key', KEY]);
    expect(stderr).toMatch(/^xw: url must be an address such as /);
    expect(code).toBe(2);
  });
});

function listener({
  expects = hmac,
  accepts = (sent, expected) => sent === expected,
  answers,
}: Receiver): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    const sent = request.headers['x-xero-signature'] as string;
    void buffer(request).then((body) => {
      const accepted = accepts(sent, expects(body));
      if (answers) answers(response, accepted);
      else response.writeHead(accepted ? 200 : 401).end();
    });
  };
}

async function serve(receiver: Receiver, atEnd: typeof onTestFinished): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(listener(safely(receiver))), atEnd)}/webhook`;
}

/** Without a signature nothing but a receiver that verifies nothing accepts. */
function safely(receiver: Receiver): Receiver {
  const { accepts } = receiver;
  if (!accepts || accepts.length === 0) return receiver;
  return { ...receiver, accepts: (sent, expected) => sent !== undefined && accepts(sent, expected) };
}

async function listening(server: Server, atEnd: typeof onTestFinished): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => void server.close());
  return (server.address() as AddressInfo).port;
}
