/** The events of the sent requests, by their resource. */
export type SentEvents = {
  /** Must be in the queue. */
  readonly answered: readonly string[];
  /** In flight when the load ended: may be in the queue. */
  readonly unanswered: readonly string[];
};

/**
 * Compares the queue's events with the sent ones.
 *
 * @returns what is wrong; `undefined` if each is stored once, and no others are
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
    [unknown, 'stored but never sent'],
  ] as const;
  const found = faults.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return found.length === 0 ? undefined : `of ${answered.length} events ${found.join(', ')}`;
}
