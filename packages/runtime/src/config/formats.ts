import { isIP } from 'node:net';
import * as v from 'valibot';
import { parseRedisUrl, REDIS_URL_EXPECTED } from '../redis/redis-url.ts';
import type { CleanedSecret } from './clean-secret.ts';
import { cleanSecret } from './clean-secret.ts';
import type { Format } from './variable.ts';

/** A whole number between two bounds, both included. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Format<number> {
  return {
    schema: v.pipe(v.string(), v.regex(/^\d{1,16}$/), v.transform(Number), v.minValue(min), v.maxValue(max)),
    expected:
      max === Number.MAX_SAFE_INTEGER ? `a whole number, at least ${min}` : `a whole number from ${min} to ${max}`,
  };
}

/** A TCP port; 0 asks for any free one. */
export const port: Format<number> = integer(0, 65_535);

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

export const text: Format<string> = { schema: v.pipe(v.string(), v.minLength(1)), expected: 'text' };

export function matching(pattern: RegExp, expected: string): Format<string> {
  return { schema: v.pipe(v.string(), v.regex(pattern)), expected };
}

/** Spaces count, even those at the ends. */
export const password: Format<string> = { ...text, clean: (given) => cleanSecret(given, 'everywhere') };

/** A generated secret, such as a key: visible ASCII, without spaces or quotes. */
export const token: Format<string> = {
  schema: v.pipe(v.string(), v.regex(/^[!-~]+$/)),
  expected: 'text without spaces',
  clean: cleanToken,
};

/** A token that matches a pattern. */
export function tokenMatching(pattern: RegExp, expected: string): Format<string> {
  return { ...matching(pattern, expected), clean: cleanToken };
}

function cleanToken(given: string): CleanedSecret {
  return cleanSecret(given, 'none');
}

/** One or more texts, separated by commas; white space around each is dropped. */
export function list(item: Format<string>): Format<readonly string[]> {
  const { clean } = item;
  return {
    schema: v.pipe(
      v.string(),
      v.transform((joined) => joined.split(',').map((part) => part.trim())),
      v.array(item.schema),
      v.minLength(1),
    ),
    expected: `${item.expected}, or several separated by commas`,
    ...(clean ? { clean: (given: string) => cleanEach(given, clean) } : {}),
  };
}

/** Quotes can enclose the whole list, or each of its items. */
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

/**
 * An address below which there are pages: with `https://` or `http://`, without credentials, query or fragment. Its path
 * becomes part of paths and cookies, so it must not have an empty segment or a semicolon.
 *
 * @param taken paths of the pages themselves. The address's path must not begin with any of them, because a proxy may or
 *   may not strip that path.
 */
export function pagesUrl(taken: readonly string[]): Format<string> {
  const alternatives = new Intl.ListFormat('en-GB', { type: 'disjunction' });
  return {
    schema: v.pipe(
      url('https', 'http').schema,
      v.check((address) => isPagesUrl(address, taken)),
    ),
    expected: `an address that begins with https:// or http://, without a query, whose path (if it has one) does not begin with ${alternatives.format(taken)}`,
  };
}

function isPagesUrl(address: string, taken: readonly string[]): boolean {
  const { username, password: secret, pathname } = new URL(address);
  if (/[?#\\]/.test(address) || username !== '' || secret !== '') return false;
  const path = decoded(pathname);
  return path !== undefined && !/\/\/|;/.test(path) && !taken.some((start) => `${path}/`.startsWith(`${start}/`));
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** The IP address of a host, or of a network with the length of its prefix. */
export const network: Format<string> = {
  schema: v.pipe(v.string(), v.check(isNetwork)),
  expected: 'an address or a network, such as 127.0.0.1 or 10.0.0.0/8',
};

function isNetwork(given: string): boolean {
  const [address = '', length, ...more] = given.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || more.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128));
}

/** `redis:6379` parses as an address with a scheme and no host, but means a host and a port: refuse it. */
function isAddress(address: string, schemes: readonly string[]): boolean {
  if (!URL.canParse(address) || !/^[^:]+:\/\//.test(address)) return false;
  const { protocol, hostname } = new URL(address);
  return hostname !== '' && schemes.includes(protocol.slice(0, -1));
}

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
  expected: 'host:port, or several separated by commas',
};
