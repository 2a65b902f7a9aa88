/** How long nothing must be possible before a close gives up: longer than a failover's first gap. In milliseconds. */
const STRANDED_MS = 1_000;

const CHECK_MS = 100;

/** Notices that a worker that closes has nothing left to do but to wait for Redis. */
export type StrandedWatch = {
  /** Resolves once `isStranded` has held for a second; never after `stop`. */
  readonly promise: Promise<void>;
  stop(): void;
};

/**
 * BullMQ's `close` says goodbye to Redis on each connection, and waits for that as long as Redis is away.
 *
 * @param isStranded whether no job is at work and Redis is unusable
 */
export function watchStranded(isStranded: () => boolean): StrandedWatch {
  const { promise, resolve } = Promise.withResolvers<void>();
  let sinceMs = 0;
  const timer = setInterval(() => {
    sinceMs = isStranded() ? sinceMs + CHECK_MS : 0;
    if (sinceMs >= STRANDED_MS) resolve();
  }, CHECK_MS);
  return { promise, stop: () => clearInterval(timer) };
}
