import { eventName } from '@xero-webhooks/webhook';
import { printable } from '../printable.ts';
import type { Received } from './receive.ts';
import type { ReceivedJson } from './schema.ts';

/** What one request came to, for people. */
export function reportReceived(received: Received, at: Date): string[] {
  const time = at.toTimeString().slice(0, 8);
  if (received.outcome !== 'received') {
    return [`${time}  ${received.status}  ${received.outcome}: ${printable(received.detail)}`];
  }
  const { events, unreadable } = received;
  if (events.length === 0 && unreadable.length === 0) return [`${time}  200  intent to receive`];
  return [
    ...events.map(
      (event) =>
        `${time}  200  ${eventName(event).padEnd(20)}  ${event.resourceId}  organisation ${event.tenantId}  ${printable(event.eventDateUtc)}`,
    ),
    ...unreadable.map((detail) => `${time}  200  unreadable: ${printable(detail)}`),
  ];
}

/** The same for scripts: one object a request. */
export function describeReceived(received: Received, at: Date): ReceivedJson {
  const common = { at: at.toISOString(), status: received.status };
  if (received.outcome !== 'received') return { ...common, outcome: received.outcome, detail: received.detail };
  const { events, unreadable } = received;
  const outcome = events.length + unreadable.length === 0 ? 'intent-to-receive' : 'received';
  return { ...common, outcome, events: events.map((event) => ({ name: eventName(event), ...event })), unreadable };
}
