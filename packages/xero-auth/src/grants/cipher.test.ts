import { loadConfig } from '@xero-webhooks/runtime';
import { describe, expect, it } from 'vitest';
import { xeroAppVariables } from '../config.ts';
import { createCipher } from './cipher.ts';
import { KEY, OTHER_KEY } from './grants-for-tests.ts';

describe('the cipher', () => {
  it('decrypts what it has encrypted, for the same owner', () => {
    const cipher = createCipher([KEY]);
    for (const text of ['', 'a token', 'ö€😀', 'x'.repeat(100_000)]) {
      expect(cipher.decrypt(cipher.encrypt(text, 'me'), 'me')).toBe(text);
    }
    expect(cipher.decrypt(cipher.encrypt('a token', 'me'), 'you')).toBeUndefined();
  });

  it('never makes the same record twice, and shows its version', () => {
    const cipher = createCipher([KEY]);
    const [one, other] = [cipher.encrypt('a token', 'me'), cipher.encrypt('a token', 'me')];
    expect(one).toMatch(/^v1\.[\w-]+$/);
    expect(one).not.toBe(other);
  });

  it('decrypts with any key, and encrypts with the first', () => {
    const record = createCipher([KEY]).encrypt('a token', 'me');
    const rotated = createCipher([OTHER_KEY, KEY]);
    expect(rotated.decrypt(record, 'me')).toBe('a token');
    const renewed = rotated.encrypt('a token', 'me');
    expect(createCipher([KEY]).decrypt(renewed, 'me')).toBeUndefined();
    expect(createCipher([OTHER_KEY]).decrypt(renewed, 'me')).toBe('a token');
  });

  it.each([
    ['nothing', ''],
    ['another version', 'v2.AAAA'],
    ['too little', 'v1.AAAA'],
    ['no base64', 'v1.****'],
  ])('does not decrypt %s', (_what, record) => {
    expect(createCipher([KEY]).decrypt(record, 'me')).toBeUndefined();
  });

  it('does not decrypt a record with any character changed', () => {
    const cipher = createCipher([KEY]);
    const record = cipher.encrypt('a token', 'me');
    for (let at = 3; at < record.length - 1; at++) {
      const changed = record.slice(0, at) + (record[at] === 'A' ? 'B' : 'A') + record.slice(at + 1);
      expect(cipher.decrypt(changed, 'me')).toBeUndefined();
    }
  });
});

describe('TOKEN_ENCRYPTION_KEY', () => {
  const read = (value: string): readonly string[] | undefined =>
    loadConfig(xeroAppVariables, { TOKEN_ENCRYPTION_KEY: value }).TOKEN_ENCRYPTION_KEY;

  it('is one key or several', () => {
    expect(read(KEY)).toEqual([KEY]);
    expect(read(` ${OTHER_KEY}, ${KEY}`)).toEqual([OTHER_KEY, KEY]);
    expect(read('')).toBeUndefined();
  });

  it.each([
    ['too short', Buffer.alloc(31, 1).toString('base64')],
    ['too long', Buffer.alloc(33, 1).toString('base64')],
    ['not base64', 'a'.repeat(43)],
    ['a password', 'correct-horse-battery-staple'],
    ['with an empty one', `${KEY},`],
  ])('is refused where it is %s, and never shown', (_what, value) => {
    expect(() => read(value)).toThrow(
      /^TOKEN_ENCRYPTION_KEY is malformed: it must be 32 bytes in base64, as `openssl rand -base64 32` makes them, or several separated by commas$/,
    );
  });
});
