import { KNOWN_EVENT_NAMES } from '@xero-webhooks/webhook';

/** Whether events of a name can arrive. `unknown` ones may: Xero adds categories without notice. */
export type EventNameCheck =
  | { check: 'known' }
  | { check: 'unknown' }
  | { check: 'impossible'; didYouMean: string | undefined };

const FORM = /^[a-z]{1,40}\.[a-z]{1,40}$/;

/** Names have Xero's types in the past tense, so these never occur. */
const NEVER_A_TYPE = new Set(['create', 'update']);

/** Names that differ by at most this many letters are typos. */
const SLIP = 2;

/**
 * Checks an event name that a user has written, in a handler or to simulate it.
 *
 * @param others further words that are allowed
 */
export function checkEventName(name: string, others: readonly string[] = []): EventNameCheck {
  const known = [...KNOWN_EVENT_NAMES, ...others];
  if (name === '*' || known.includes(name)) return { check: 'known' };
  const { candidate, distance } = closest(name, known);
  if (!FORM.test(name)) return { check: 'impossible', didYouMean: distance <= 2 * SLIP ? candidate : undefined };
  if (NEVER_A_TYPE.has(name.split('.')[1]!)) {
    // The category may be one that Xero has added since: only the type is wrong then.
    return { check: 'impossible', didYouMean: distance <= SLIP ? candidate : `${name}d` };
  }
  return distance <= SLIP ? { check: 'impossible', didYouMean: candidate } : { check: 'unknown' };
}

/** What to do about a name that no event has. */
export function eventNameRemedy({ didYouMean }: Extract<EventNameCheck, { check: 'impossible' }>): string {
  return didYouMean ? `did you mean ${didYouMean}?` : 'use a name such as invoice.updated, or *';
}

function closest(name: string, known: readonly string[]): { candidate: string; distance: number } {
  const written = lettersOf(name);
  let best = { candidate: '', distance: Infinity };
  for (const candidate of known) {
    const distance = editDistance(written, lettersOf(candidate));
    if (distance < best.distance) best = { candidate, distance };
  }
  return best;
}

/** The separator between the words is often part of the typo. */
function lettersOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '.');
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
