import { randomBytes } from 'node:crypto';
import { DEVELOPMENT_KEY_PREFIX } from '@xero-webhooks/runtime';
import { describe, expect, it } from 'vitest';
import { warnAboutKeys } from './warn-about-keys.ts';

type Warning = { fields: unknown; text: string };

function warnings(keys: readonly string[]): Warning[] {
  const said: Warning[] = [];
  const warn = (fields: unknown, text?: string): void => void said.push({ fields, text: text! });
  warnAboutKeys(keys, { warn });
  return said;
}

const xeroKey = (): string => randomBytes(64).toString('base64');

describe('a webhook key', () => {
  it('passes where it looks like one of Xero, or was made for development', () => {
    const keys = Array.from({ length: 100 }, xeroKey);
    expect(warnings([...keys, `${DEVELOPMENT_KEY_PREFIX}x`])).toEqual([]);
  });

  it.each([
    ['a client secret', 's3cret-of-the-client'],
    ['cut off', xeroKey().slice(0, -1)],
    ['one that is base64url', xeroKey().replaceAll(/[+/]/g, '_').replace(/^./, '-')],
    ['two in one', xeroKey() + xeroKey()],
  ])('is warned of where it is %s, without being shown', (_what, key) => {
    const said = warnings([xeroKey(), key]);
    expect(said).toEqual([
      {
        fields: { key: 2, keys: 2, characters: key.length },
        text: expect.stringMatching(/^a webhook key does not look like a key from Xero, .* 88 characters of base64/),
      },
    ]);
    expect(JSON.stringify(said)).not.toContain(key.slice(0, 10));
  });
});
