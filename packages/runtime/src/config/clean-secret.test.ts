import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SecretSpaces } from './clean-secret.ts';
import { cleanSecret } from './clean-secret.ts';

const QUOTES = 'the quotes around it';
const ENDS = 'invisible characters at its ends';

describe('a secret', () => {
  it.each<[string, SecretSpaces, string, string[]]>([
    ['KEY', 'none', 'KEY', []],
    ['KEY\r\n', 'none', 'KEY', []],
    ['  KEY ', 'none', 'KEY', []],
    ['"KEY"', 'none', 'KEY', [QUOTES]],
    ["'KEY'", 'none', 'KEY', [QUOTES]],
    [`"'KEY'"`, 'none', 'KEY', [QUOTES]],
    [' "KEY" \n', 'none', 'KEY', [QUOTES]],
    ['\uFEFFKEY', 'none', 'KEY', [ENDS]],
    ['KEY\u200B', 'none', 'KEY', [ENDS]],
    ['\u00A0KEY\u00A0', 'none', 'KEY', [ENDS]],
    ['\uFEFF"KEY\u2060"', 'none', 'KEY', [ENDS, QUOTES]],
    ['\tKEY', 'none', 'KEY', [ENDS]],
    ['two words ', 'inside', 'two words', []],
    [' two  words ', 'everywhere', ' two  words ', []],
    [' a password \n', 'everywhere', ' a password ', []],
    ['" a password "', 'everywhere', ' a password ', [QUOTES]],
    ['"a" and "b"', 'everywhere', '"a" and "b"', []],
    ['it"s', 'everywhere', 'it"s', []],
    ['pa`ss', 'everywhere', 'pa`ss', []],
    ['pässwörd', 'everywhere', 'pässwörd', []],
    ['""', 'everywhere', '', []],
    [' \u200B ', 'everywhere', '', []],
  ])('%j with spaces meant %s is %j', (given, spaces, text, removed) => {
    expect(cleanSecret(given, spaces)).toEqual({ text, removed });
  });

  it.each<[string, SecretSpaces, string]>([
    ['KE\u200BY', 'none', 'invisible'],
    ['KE\u00A0Y', 'everywhere', 'invisible'],
    ['KE\u00ADY', 'everywhere', 'invisible'],
    ['KE\nY', 'everywhere', 'line break'],
    ['KE\0Y', 'inside', 'invisible'],
    ['“KEY”', 'none', 'typographic'],
    ['‘KEY’', 'everywhere', 'typographic'],
    ['«KEY»', 'none', 'typographic'],
    ['pass’word', 'everywhere', 'typographic'],
    ['KE Y', 'none', 'space'],
    ['"KEY', 'none', 'quote'],
    ["KEY'", 'none', 'quote'],
    ['`KEY`', 'none', 'quote'],
  ])('%j with spaces meant %s is refused', (given, spaces, word) => {
    expect(cleanSecret(given, spaces)).toEqual({ complaint: expect.stringContaining(word) });
  });

  const spaces = fc.constantFrom<SecretSpaces>('none', 'inside', 'everywhere');
  const pieces = fc.constantFrom(
    '"',
    "'",
    ' ',
    '\n',
    '\r',
    '\t',
    '\uFEFF',
    '\u200B',
    '\u00A0',
    '“',
    '`',
    'a',
    'B',
    '=',
  );
  const mess = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));

  it('that was cleaned stays as it is', () => {
    fc.assert(
      fc.property(mess, spaces, (given, meant) => {
        const once = cleanSecret(given, meant);
        if ('text' in once) expect(cleanSecret(once.text, meant)).toEqual({ text: once.text, removed: [] });
      }),
      { numRuns: 2_000 },
    );
  });

  it('of visible characters comes through whatever is around it', () => {
    const around = fc.constantFrom('', '"', "'", '\uFEFF', '\u200B', '\u00A0', '\u2060');
    fc.assert(
      fc.property(fc.stringMatching(/^[!#-&(-_a-~]+$/), around, spaces, (secret, mark, meant) => {
        expect(cleanSecret(`${mark}${secret}${mark}\r\n`, meant)).toMatchObject({ text: secret });
      }),
    );
  });

  it('is not shown where it is refused', () => {
    fc.assert(
      fc.property(mess, spaces, (around, meant) => {
        const cleaned = cleanSecret(`${around}S3CRET${around}S3CRET`, meant);
        if ('complaint' in cleaned) expect(cleaned.complaint).not.toContain('S3CRET');
      }),
    );
  });
});
