import { readFileSync } from 'node:fs';
import { CodedError } from '@xero-webhooks/runtime';
import type { XeroEvent } from '@xero-webhooks/webhook';

/** The body of a request that was captured, and its events where it has any. */
export type Capture = { readonly body: Buffer; readonly events: readonly XeroEvent[] | undefined };

/**
 * Reads a captured body. It is sent byte for byte, whatever it is: what a receiver makes of an odd body is a good reason to
 * send one.
 *
 * @throws CodedError `XW_CAPTURE` if the file cannot be read
 */
export function readCapture(path: string): Capture {
  let body: Buffer;
  try {
    body = readFileSync(path);
  } catch (error) {
    const cause = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CodedError('XW_CAPTURE', `${path} cannot be read (${cause}): name the file with the body of a request`);
  }
  return { body, events: eventsOf(body) };
}

/**
 * The events of a capture, to change them.
 *
 * @throws CodedError `XW_CAPTURE` if there are none
 */
export function capturedEvents({ events }: Capture, path: string): readonly XeroEvent[] {
  if (events) return events;
  throw new CodedError('XW_CAPTURE', `${path} has no list of events that --override could change: send it without`);
}

function eventsOf(body: Buffer): readonly XeroEvent[] | undefined {
  try {
    const { events } = JSON.parse(body.toString('utf8')) as { events?: unknown };
    const isList = Array.isArray(events) && events.every((event) => typeof event === 'object' && event !== null);
    return isList ? (events as XeroEvent[]) : undefined;
  } catch {
    return undefined;
  }
}
