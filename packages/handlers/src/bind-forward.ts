import { readField } from '@xero-webhooks/bounded';
import { fixedWidthDate } from '@xero-webhooks/webhook';
import type { Calls } from './calls.ts';
import type { Forwarder } from './forwarder.ts';
import type { Context, ForwardOptions, NamedEvent } from './handler.ts';
import type { Verdict } from './verdict.ts';

type Attempt = {
  forwarder: Forwarder;
  event: NamedEvent;
  idempotencyKey: string;
  /** From 1. */
  attempt: number;
  /** Reads the event's resource. */
  read: () => Promise<unknown>;
  verdict: Verdict;
  calls: Calls;
  signal: AbortSignal;
};

/** A resource that was created a moment ago may not be found at first; after so many attempts it is gone. */
const PATIENT_ATTEMPTS = 3;

/** Binds forwarding to one attempt of a handler: what ends or parks the attempt does so whatever the handler does next. */
export function bindForward(options: Attempt): Pick<Context, 'forward'> {
  const { forwarder, event, idempotencyKey: id, attempt, read, verdict, calls, signal } = options;

  /** `null` where there is none: the receiver must hear of the event nevertheless. */
  async function readResource(): Promise<unknown> {
    try {
      return await read();
    } catch (error) {
      const code = readField(error, 'code');
      const isGone = code === 'XW_XERO_NOT_FOUND' && attempt > PATIENT_ATTEMPTS;
      if (code === 'XW_XERO_NO_RESOURCE' || isGone) return null;
      throw error;
    }
  }

  async function forward(url: string | URL, given: ForwardOptions): Promise<void> {
    const { secret, include } = checkedOptions(given);
    const body = async (): Promise<string> => {
      const data = include === 'resource' ? { event, resource: await readResource() } : { event };
      return JSON.stringify({ type: event.name, timestamp: timestampOf(event), data });
    };
    const sent = await forwarder({ url: String(url), secrets: secretsIn(secret), id, body, signal });
    switch (sent.outcome) {
      case 'delivered':
        return;
      case 'gone':
        return verdict.giveUp(sent.reason);
      case 'parked':
        return verdict.park(sent.delayMs, sent.reason);
      case 'failed':
        throw sent.error;
    }
  }

  return { forward: (url, given) => calls.follow('context.forward()', forward(url, given), true) };
}

/** JavaScript gives anything for options. */
function checkedOptions(options: Partial<ForwardOptions> | undefined): Required<ForwardOptions> {
  const { secret = '', include = 'event' } = options ?? {};
  if (include === 'event' || include === 'resource') return { secret, include };
  throw Object.assign(
    new Error("context.forward() was called with a wrong include: it must be 'event' or 'resource'"),
    {
      code: 'XW_FORWARD_OPTIONS',
    },
  );
}

function secretsIn(secret: string | readonly string[]): string[] {
  const given: readonly unknown[] = [secret].flat();
  return given.flatMap((one) => (typeof one === 'string' ? one.split(',').map((part) => part.trim()) : ''));
}

/** When it changed, in the form that every language reads: Xero leaves out the zone. */
function timestampOf({ eventDateUtc }: NamedEvent): string {
  return new Date(fixedWidthDate(eventDateUtc) ?? 0).toISOString();
}
