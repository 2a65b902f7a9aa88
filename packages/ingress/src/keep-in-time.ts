import { SLOWER_THAN_DEADLINE } from './blame.ts';
import type { QuarantinedBody, QuarantineOutcome } from '@xero-webhooks/queue';

type Keep = (body: QuarantinedBody) => Promise<QuarantineOutcome>;

export type KeepInTimeOptions = {
  keep: Keep;
  /** How long a request may wait, in milliseconds. */
  deadlineMs: number;
  /** How much may be on its way, in bytes of bodies. @defaultValue 32 MiB */
  maxPendingBytes?: number;
};

/**
 * Bounds how long a request waits until its body is in quarantine, and how much memory such bodies take while Redis does
 * not answer. One that is kept after its request was refused is known when it comes again.
 */
export function createKeepInTime({ keep, deadlineMs, maxPendingBytes = 32 * 1024 * 1024 }: KeepInTimeOptions): Keep {
  let pendingBytes = 0;

  return async (quarantined) => {
    const bytes = quarantined.body.byteLength;
    if (pendingBytes > 0 && pendingBytes + bytes > maxPendingBytes) {
      return { outcome: 'unavailable', reason: 'too much is waiting for Redis' };
    }
    pendingBytes += bytes;
    const kept = keep(quarantined).finally(() => {
      pendingBytes -= bytes;
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<QuarantineOutcome>((resolve) => {
      timer = setTimeout(
        // Where the process stood still, what Redis has answered meanwhile is read first.
        () => setImmediate(() => resolve({ outcome: 'unavailable', reason: SLOWER_THAN_DEADLINE })),
        deadlineMs,
      );
    });
    return Promise.race([kept, late]).finally(() => clearTimeout(timer));
  };
}
