import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signedHeaders } from '@xero-webhooks/fake-xero';
import { captureB, testPrefix } from '@xero-webhooks/testing';
import { describe, expect, inject, it } from 'vitest';
import { failToStart } from './support/fail-to-start.ts';
import { post, startBoard, startIngress } from './support/system.ts';

const BODY = Buffer.from(captureB.body);
const KEY = randomBytes(64).toString('base64');

/** A file that holds a secret. */
function fileWith(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'xw-secret-')), 'secret');
  writeFileSync(path, text);
  return path;
}

describe('a webhook key', () => {
  it.each([
    ['is as Xero shows it', KEY, 0],
    ['ends with a line break', `${KEY}\r\n`, 0],
    ['is in double quotes', `"${KEY}"`, 1],
    ['is in single quotes', `'${KEY}'`, 1],
    ['has a zero-width space behind it', `${KEY}\u200B`, 1],
    ['has a no-break space before it', `\u00A0${KEY}`, 1],
    ['has a byte order mark before it', `\uFEFF${KEY}\n`, 1],
    ['is one of two in quotes', `"${KEY}","${randomBytes(64).toString('base64')}"`, 1],
    ['is one of two in one pair of quotes', `"${KEY}, ${randomBytes(64).toString('base64')}"`, 1],
  ])('is good where it %s, and the log says what was taken off', async (_what, given, notices) => {
    for (const environment of [
      { XERO_WEBHOOK_KEY: given },
      { XERO_WEBHOOK_KEY: '', XERO_WEBHOOK_KEY_FILE: fileWith(given) },
    ]) {
      const ingress = await startIngress(testPrefix(), environment);
      expect((await post(ingress.url, BODY, signedHeaders(BODY, KEY))).status).toBe(200);
      const said = ingress.lines.filter(({ msg }) => msg.startsWith('XERO_WEBHOOK_KEY is used without '));
      expect(said).toHaveLength(notices);
      expect(JSON.stringify(ingress.lines)).not.toContain(KEY);
      expect(ingress.lines.filter(({ msg }) => msg.includes('does not look like'))).toEqual([]);
    }
  });

  it.each([
    ['“s3cret”', 'has typographic quotes, as “ or ’'],
    ['s3\u200Bcret', 'has an invisible character or a line break inside'],
    ['s3\u00A0cret', 'has an invisible character or a line break inside'],
    ['s3 cret', 'has a space inside'],
    ['"s3cret', 'has a quote at one end or inside'],
    ['s3crét', 'is malformed'],
  ])('is refused where it is %j', async (XERO_WEBHOOK_KEY, what) => {
    expect(await failToStart('ingress', { XERO_WEBHOOK_KEY, REDIS_URL: inject('redis').url })).toEqual([
      `ingress: XERO_WEBHOOK_KEY ${what}: it must be a webhook key, or several separated by commas [XW_CONFIG] see docs/errors.md#xw_config`,
    ]);
  });

  it('that does not look like one of Xero is warned of at the start', async () => {
    const ingress = await startIngress(testPrefix(), { XERO_WEBHOOK_KEY: `${KEY},s3cret` });
    const warned = await ingress.line(({ msg }) => msg.includes('does not look like a key from Xero'));
    expect(warned).toMatchObject({ level: 'warn', key: 2, characters: 6 });
    expect(JSON.stringify(ingress.lines)).not.toContain('s3cret');
  });
});

describe('the password of the board', () => {
  it.each([
    [' two  words ', ' two  words '],
    ['" two  words "', ' two  words '],
    ['pass"word', 'pass"word'],
    ['pass`word\n', 'pass`word'],
  ])('given as %j is %j', async (BOARD_PASSWORD, password) => {
    const { url } = await startBoard(testPrefix(), { BOARD_PASSWORD });
    const login = async (word: string): Promise<number> => {
      const authorization = `Basic ${Buffer.from(`admin:${word}`).toString('base64')}`;
      return (await fetch(`${url}/queues`, { headers: { authorization } })).status;
    };
    expect(await login(password)).toBe(200);
    expect(await login(`${password}.`)).toBe(401);
  });
});

describe('any other secret', () => {
  it.each([
    ['worker', { XERO_CLIENT_SECRET: 's3cret of two' }, 'XERO_CLIENT_SECRET has a space inside'],
    ['worker', { XERO_TOKEN_SECRET: 's3cret\u200Bof two' }, 'XERO_TOKEN_SECRET has an invisible character'],
    ['worker', { TOKEN_ENCRYPTION_KEY: '“s3cret”' }, 'TOKEN_ENCRYPTION_KEY has typographic quotes'],
    ['board', { BOARD_PASSWORD: '“s3cret”' }, 'BOARD_PASSWORD has typographic quotes'],
    ['board', { XERO_CLIENT_SECRET: "'s3cret" }, 'XERO_CLIENT_SECRET has a quote at one end'],
  ] as const)('of %s is refused where it is doubtful: %j', async (program, environment, words) => {
    const lines = await failToStart(program, { REDIS_URL: inject('redis').url, ...environment });
    expect(lines).toEqual([expect.stringMatching(/^\w+: .* \[XW_CONFIG\] see docs\/errors\.md#xw_config$/)]);
    expect(lines[0]).toContain(words);
    expect(lines[0]).not.toContain('s3cret');
  });
});
