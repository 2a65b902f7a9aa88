import * as v from 'valibot';
import { parseRedisUrl, REDIS_URL_EXPECTED } from '../redis/redis-url.ts';
import type { CleanedSecret } from './clean-secret.ts';
import { cleanSecret } from './clean-secret.ts';
import type { Format } from './variable.ts';

/** A whole number between two bounds, both included. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): Format<number> {
  return {
    schema: v.pipe(v.string(), v.regex(/^\d{1,16}$/), v.transform(Number), v.minValue(least), v.maxValue(most)),
    expected:
      most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`,
  };
}

/** A TCP port; 0 asks for any free one. */
export const port: Format<number> = integer(0, 65_535);

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Format<Word> {
  return { schema: v.picklist(words), expected: `one of ${words.join(', ')}` };
}

/** `true` or `false`. */
export const flag: Format<boolean> = {
  schema: v.pipe(
    v.picklist(['true', 'false']),
    v.transform((word) => word === 'true'),
  ),
  expected: 'true or false',
};

/** Any text but an empty one. */
export const text: Format<string> = { schema: v.pipe(v.string(), v.minLength(1)), expected: 'some text' };

/** A text that matches a pattern. */
export function matching(pattern: RegExp, expected: string): Format<string> {
  return { schema: v.pipe(v.string(), v.regex(pattern)), expected };
}

/** A password: spaces count, also those at its ends. */
export const password: Format<string> = { ...text, clean: (given) => cleanSecret(given, 'everywhere') };

/** A secret that some system has made up, such as a key or a token: visible ASCII, without a space or a quote. */
export const token: Format<string> = {
  schema: v.pipe(v.string(), v.regex(/^[!-~]+$/)),
  expected: 'a text without spaces',
  clean: cleanToken,
};

/** A token that matches a pattern. */
export function tokenMatching(pattern: RegExp, expected: string): Format<string> {
  return { ...matching(pattern, expected), clean: cleanToken };
}

function cleanToken(given: string): CleanedSecret {
  return cleanSecret(given, 'none');
}

/** One or more texts with commas between them; white space around each is dropped. */
export function list(item: Format<string>): Format<readonly string[]> {
  const { clean } = item;
  return {
    schema: v.pipe(
      v.string(),
      v.transform((joined) => joined.split(',').map((part) => part.trim())),
      v.array(item.schema),
      v.minLength(1),
    ),
    expected: `${item.expected}, or several with commas between them`,
    ...(clean ? { clean: (given: string) => cleanEach(given, clean) } : {}),
  };
}

/** Quotes can be around the whole list, or around each of it. */
function cleanEach(given: string, clean: (text: string) => CleanedSecret): CleanedSecret {
  const whole = cleanSecret(given, 'inside');
  if ('complaint' in whole && !given.includes(',')) return clean(given);
  const parts: string[] = [];
  const removed = new Set<string>('complaint' in whole ? [] : whole.removed);
  for (const part of ('complaint' in whole ? given : whole.text).split(',')) {
    const cleaned = clean(part);
    if ('complaint' in cleaned) return cleaned;
    parts.push(cleaned.text);
    for (const what of cleaned.removed) removed.add(what);
  }
  return { text: parts.every((part) => part === '') ? '' : parts.join(','), removed: [...removed] };
}

/** Where Redis is. */
export const redisUrl: Format<string> = {
  schema: v.string(),
  expected: REDIS_URL_EXPECTED,
  complain(given) {
    const parsed = parseRedisUrl(given);
    return 'complaint' in parsed ? parsed.complaint : undefined;
  },
};

/** An address with one of the given schemes, without a trailing slash. */
export function url(...schemes: readonly string[]): Format<string> {
  return {
    schema: v.pipe(
      v.string(),
      v.check((address) => isAddress(address, schemes)),
      v.transform((address) => address.replace(/\/+$/, '')),
    ),
    expected: `an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  };
}

/** `redis:6379` is an address too, with a scheme and without a host: only a host and its port are meant by it. */
function isAddress(address: string, schemes: readonly string[]): boolean {
  if (!URL.canParse(address) || !/^[^:]+:\/\//.test(address)) return false;
  const { protocol, hostname } = new URL(address);
  return hostname !== '' && schemes.includes(protocol.slice(0, -1));
}

/** `host:port`, or several with commas between them. */
export const hostsAndPorts: Format<readonly { host: string; port: number }[]> = {
  schema: v.pipe(
    v.string(),
    v.transform((joined) => joined.split(',').map((part) => part.trim())),
    v.array(
      v.pipe(
        v.string(),
        v.regex(/^(?:\[[0-9a-f:.]+\]|[\p{L}\p{N}._-]+):\d{1,5}$/iu),
        v.transform((address) => {
          const colon = address.lastIndexOf(':');
          return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
        }),
        v.check((address) => address.port <= 65_535),
      ),
    ),
  ),
  expected: 'host:port, or several with commas between them',
};
