/** The events of the requests that were sent, each known by its resource. */
export type SentEvents = {
  /** They have to be in the queue. */
  readonly answered: readonly string[];
  /** They were on their way when the load ended, and may be. */
  readonly unanswered: readonly string[];
};

/**
 * Compares the events that are in the queue with those that were sent.
 *
 * @returns what is wrong; nothing where each is there once and no other is
 */
export function compareStored({ answered, unanswered }: SentEvents, stored: readonly string[]): string | undefined {
  const missing = new Set(answered);
  const allowed = new Set(unanswered);
  const seen = new Set<string>();
  let [twice, unknown] = [0, 0];
  for (const id of stored) {
    if (seen.has(id)) twice += 1;
    else if (!missing.delete(id) && !allowed.has(id)) unknown += 1;
    seen.add(id);
  }
  const faults = [
    [missing.size, 'lost'],
    [twice, 'stored twice'],
    [unknown, 'stored without having been sent'],
  ] as const;
  const found = faults.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return found.length === 0 ? undefined : `of ${answered.length} events ${found.join(', ')}`;
}
