import { signedHeaders, spoilSignature } from '@xero-webhooks/fake-xero';
import { SIGNATURE_HEADER } from '@xero-webhooks/webhook';
import type { Pace } from './groups.ts';
import { forEach } from './groups.ts';
import type { Reply } from './send.ts';
import { expectAnswers, send } from './send.ts';
import type { Target } from './target.ts';

/** If the first requests, this many, all get no answer, stop: the others would get none either. */
const ENOUGH_TO_TELL = 20;

type Options = Pace & {
  readonly badSignature?: boolean | undefined;
  /** How many of a hundred requests are sent a second time, once they are answered. @defaultValue none */
  readonly duplicates?: number | undefined;
};

/** Replies to all that was sent, what was sent twice among it. */
export type Sent = { readonly replies: Reply[]; readonly requests: number; readonly sentTwice: number };

/**
 * Signs and sends bodies, each made when its turn comes.
 *
 * @throws CodedError `XW_UNREACHABLE` if nothing answers
 */
export async function sendAll<Item>(
  items: readonly Item[],
  bodyOf: (item: Item) => Buffer,
  { url, key }: Target,
  { badSignature = false, duplicates = 0, ...pace }: Options,
): Promise<Sent> {
  const first: Reply[] = [];
  const answered = await forEach(
    items,
    async (item, index) => {
      const body = bodyOf(item);
      const headers = signedHeaders(body, key);
      if (badSignature) headers[SIGNATURE_HEADER] = spoilSignature(headers[SIGNATURE_HEADER]!);
      const reply = await send(url, body, headers);
      // If nothing runs there, do not wait for the rest.
      if (first.length < ENOUGH_TO_TELL && first.push(reply) === ENOUGH_TO_TELL) expectAnswers(url, first);
      return isSentTwice(index, duplicates) ? [reply, await send(url, body, headers)] : [reply];
    },
    pace,
  );
  const replies = answered.flat();
  expectAnswers(url, replies);
  return { replies, requests: answered.length, sentTwice: replies.length - answered.length };
}

/** Spreads them evenly over all requests. */
function isSentTwice(index: number, percent: number): boolean {
  return Math.floor(((index + 1) * percent) / 100) > Math.floor((index * percent) / 100);
}
