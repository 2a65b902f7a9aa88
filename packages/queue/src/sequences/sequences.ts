import { hash } from 'node:crypto';
import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';

/** The numbers of one request's events, as Xero gave them. */
export type SequenceSpan = { readonly first: number; readonly last: number };

/** What the numbers of requests came to, compared with those before. */
export type SequenceHints = Readonly<Record<'gap' | 'closed' | 'repeated' | 'restart', number>>;

export type NoteSequences = {
  /** Nothing waits for it, and nothing fails because of it. @param key the webhook key that signed the request */
  note(key: string, span: SequenceSpan): void;
  /** Sends what came last: numbers that were lost here would look like a gap. */
  close(): Promise<void>;
};

/** Numbers that are missing, and when: between the request before and the one that showed it, in ms since 1970. */
export type SequenceGap = SequenceSpan & { readonly before: number; readonly found: number };

/** What is known of the numbers under one webhook key. */
export type SequenceState = {
  /** Names it: not the webhook key. */
  readonly mark: string;
  /** Lately, and how many of them repeated numbers or leapt far ahead. */
  readonly requests: number;
  readonly odd: number;
  readonly gaps: readonly SequenceGap[];
};

/** What came meanwhile goes to Redis together, after so many milliseconds. */
const TOGETHER_MS = 1_000;

/** Or as soon as there are so many requests: Redis does nothing else while it compares them, for up to two milliseconds. */
const MAX_TOGETHER = 500;

/** Ranges of missing numbers that are kept. */
const MAX_GAPS = 200;

/** How long it is kept after the last request, in milliseconds. */
const KEPT_MS = 2 * 86_400_000;

/**
 * Compares the numbers that Xero gives its events. Whether they go on from one request to the next, repeat or restart is not
 * documented, so what comes of it is a hint.
 */
export function createNoteSequences(
  client: RedisClient,
  prefix: string,
  onHints: (hints: SequenceHints) => void = () => {},
): NoteSequences {
  const script = bindScript(client, new URL('note-sequences.lua', import.meta.url));
  const waiting = new Map<string, number[]>();
  let timer: NodeJS.Timeout | undefined;
  let allSent = Promise.resolve();

  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const [key, spans] of waiting) {
      if (spans.length === 0) continue;
      const mark = hash('sha256', key, 'hex').slice(0, 8);
      const keys = [...keysOf(prefix, mark), marksKey(prefix)];
      const sent = script(keys, [MAX_GAPS, KEPT_MS, mark, ...spans]).then(
        (reply) => {
          const [gap = 0, closed = 0, repeated = 0, restart = 0] = reply as number[];
          onHints({ gap, closed, repeated, restart });
        },
        () => {},
      );
      allSent = Promise.all([allSent, sent]).then(() => {});
    }
    waiting.clear();
  }

  return {
    note(key, { first, last }) {
      const spans = waiting.get(key) ?? [];
      waiting.set(key, spans);
      if (client.status === 'ready') spans.push(first, last);
      if (spans.length >= 2 * MAX_TOGETHER) send();
      else timer ??= setTimeout(send, TOGETHER_MS).unref();
    },
    close() {
      send();
      return allSent;
    },
  };
}

/** Reads what is known of the numbers, by webhook key. */
export async function readSequences(client: RedisClient, prefix: string): Promise<SequenceState[]> {
  const marks = await client.smembers(marksKey(prefix));
  return Promise.all(
    marks.map(async (mark) => {
      const [known, missing] = keysOf(prefix, mark);
      const [counts, members] = await Promise.all([
        client.hmget(known, 'seen', 'odd'),
        client.zrange(missing, '0', '-1'),
      ]);
      const [requests = 0, odd = 0] = counts.map(Number);
      return { mark, requests, odd, gaps: members.map(gapOf) };
    }),
  );
}

/** From so many requests on, the numbers may be believed, if of these so many at most are odd, and so few gaps are open. */
const BELIEVED = { requests: 50, odd: 0.05, gaps: 10 };

/** Whether the numbers go on from one request to the next, so that a gap means that something is missing. */
export function goesOn({ requests, odd, gaps }: SequenceState): boolean {
  return requests >= BELIEVED.requests && odd <= BELIEVED.odd * requests && gaps.length <= BELIEVED.gaps;
}

/** Forgets gaps: somebody sees to them, or nobody will. */
export async function forgetGaps(
  client: RedisClient,
  prefix: string,
  mark: string,
  gaps: readonly SequenceGap[],
): Promise<void> {
  const [, missing] = keysOf(prefix, mark);
  if (gaps.length > 0) await client.zrem(missing, ...gaps.map(memberOf));
}

function gapOf(member: string): SequenceGap {
  const [first = 0, last = 0, found = 0, before = 0] = member.split('-').map(Number);
  return { first, last, found, before };
}

function memberOf({ first, last, found, before }: SequenceGap): string {
  return [first, last, found, before].join('-');
}

function marksKey(prefix: string): string {
  return `${prefix}:{sequences}:keys`;
}

function keysOf(prefix: string, mark: string): [known: string, missing: string] {
  return [`${prefix}:{sequences}:of-${mark}`, `${prefix}:{sequences}:missing-${mark}`];
}
