import { isIP } from 'node:net';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** How many wrong passwords one address may send in a window. An IPv6 network of 64 bits counts as one address. */
export const MAX_WRONG_PER_ADDRESS = 10;

/** How many wrong passwords all addresses together may send in a window. */
export const MAX_WRONG_IN_ALL = 100;

/** In milliseconds, from the first wrong password on. */
const WINDOW_MS = 300_000;

/** How many addresses are counted at once, and how many are remembered because somebody has logged in from them. */
const MAX_ADDRESSES = 5_000;

/** Whose limit refuses a login: that of the address that it comes from, or the one for all addresses. */
export type LoginLimitKind = 'address' | 'all';

/** What a login comes to. */
export type LoginOutcome =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'wrong'; readonly address: string }
  | {
      readonly outcome: 'limited';
      readonly limit: LoginLimitKind;
      readonly address: string;
      /** When the limit ends, in seconds from now. */
      readonly retryAfterS: number;
    };

/** Judges a login whose user and password have been compared. */
export type LoginLimit = (request: FastifyRequest, matches: boolean) => Promise<LoginOutcome>;

/**
 * Limits wrong passwords, by address and in all. Right ones use nothing up; once a limit is reached they are refused
 * like wrong ones, so that the answer tells nothing. What an address sends after its own limit counts for nobody else,
 * and addresses from which somebody has logged in are spared by the limit for all.
 */
export async function createLoginLimit(app: FastifyInstance): Promise<LoginLimit> {
  await app.register(rateLimit, { global: false, timeWindow: WINDOW_MS, cache: MAX_ADDRESSES });
  const ofAddress = limiter(app, MAX_WRONG_PER_ADDRESS, addressOf);
  const ofAll = limiter(app, MAX_WRONG_IN_ALL, () => 'all');
  const known = new Set<string>();

  // Requests that came in one packet are counted together before the first of them is answered: each sees all of them.
  return async (request, matches) => {
    const own = await ofAddress(request, matches);
    const address = own.key;
    if (own.refuses) return { outcome: 'limited', limit: 'address', address, retryAfterS: own.retryAfterS };
    const all = known.has(address) ? undefined : await ofAll(request, matches);
    if (all?.refuses) return { outcome: 'limited', limit: 'all', address, retryAfterS: all.retryAfterS };
    if (!matches) return { outcome: 'wrong', address };
    keep(known, address);
    return { outcome: 'accepted' };
  };
}

type Counted = { key: string; refuses: boolean; retryAfterS: number };

function limiter(
  app: FastifyInstance,
  max: number,
  keyGenerator: (request: FastifyRequest) => string,
): (request: FastifyRequest, matches: boolean) => Promise<Counted> {
  const limit = app.createRateLimit({ max, keyGenerator });
  return async (request, matches) => {
    const counted = await limit(request, { increment: !matches });
    if (counted.isAllowed) return { key: counted.key, refuses: false, retryAfterS: 0 };
    const { key, remaining, isExceeded, ttlInSeconds } = counted;
    return { key, refuses: matches ? remaining === 0 : isExceeded, retryAfterS: Math.max(1, ttlInSeconds) };
  };
}

/** The address of the browser, as far as proxies are trusted, without the port that some of them add. */
function addressOf({ ip, socket }: FastifyRequest): string {
  const said = (ip ?? '').replace(/^\[([^\]]*)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
  const address = isIP(said) === 0 ? socket.remoteAddress : said;
  // A connection that has ended meanwhile has no address any more.
  return address === undefined ? 'unknown' : normalizeIP(address);
}

function keep(addresses: Set<string>, address: string): void {
  addresses.delete(address);
  if (addresses.size >= MAX_ADDRESSES) addresses.delete(addresses.values().next().value!);
  addresses.add(address);
}
