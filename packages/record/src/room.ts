import type { RedisWatch } from '@xero-webhooks/runtime';

/** Records make room from this part of `maxmemory` on; the ingress refuses events only later. */
const NEARLY_FULL = 0.75;

/**
 * Tells whether Redis has room for records: as far as was seen last. While Redis is away nothing is known of its memory, and
 * what a run came to has to go on record when its end gets through.
 */
export function watchRoom({ state }: Pick<RedisWatch, 'state'>): () => boolean {
  let nearlyFull = false;
  return () => {
    const now = state();
    if (now.usable) nearlyFull = now.memory >= NEARLY_FULL;
    return !nearlyFull;
  };
}
