import type { Read, ReadOptions } from '@xero-webhooks/handlers';

/** One read for several who ask for the same. */
export type SharedRead = {
  /** Waits for it, on one's own terms. */
  join(words: ReadOptions): Promise<Read<unknown>>;
  /** Whether it was given up because nobody waited any more. */
  readonly abandoned: boolean;
};

type User = { readonly words: ReadOptions; resume: (() => void) | undefined };

/**
 * Starts a read that goes on as long as anybody waits for it. While it waits for its turn, the clocks of all of them are
 * halted.
 */
export function shareRead(start: (words: ReadOptions) => Promise<Read<unknown>>): SharedRead {
  const controller = new AbortController();
  const users = new Set<User>();
  let waiting = false;
  let over = false;

  function onWait(): () => void {
    waiting = true;
    for (const user of users) user.resume = user.words.onWait();
    return () => {
      waiting = false;
      for (const user of users) resume(user);
    };
  }

  const reading = start({ signal: controller.signal, onWait }).finally(() => {
    over = true;
  });
  // Whoever joins sees it; without anybody it must not end the process.
  reading.catch(() => undefined);

  return {
    get abandoned() {
      return controller.signal.aborted;
    },
    async join(words) {
      const user: User = { words, resume: waiting ? words.onWait() : undefined };
      users.add(user);
      const gone = Promise.withResolvers<never>();
      const onAbort = (): void => gone.reject(words.signal.reason);
      words.signal.addEventListener('abort', onAbort, { once: true });
      if (words.signal.aborted) onAbort();
      try {
        return await Promise.race([reading, gone.promise]);
      } finally {
        words.signal.removeEventListener('abort', onAbort);
        resume(user);
        users.delete(user);
        if (users.size === 0 && !over) controller.abort(new Error('nobody waits for it any more'));
      }
    },
  };
}

function resume(user: User): void {
  user.resume?.();
  user.resume = undefined;
}
