import { CodedError } from '@xero-webhooks/runtime';
import { KNOWN_EVENT_NAMES } from '@xero-webhooks/webhook';

/** The two words of an event's name: `invoice` and `updated`. */
export type EventWords = { readonly category: string; readonly verb: string };

/**
 * Takes an event's name apart.
 *
 * @throws CodedError `XW_EVENT_NAME` where it has not the form of one
 */
export function eventWords(name: string): EventWords {
  const [, category, verb] = /^([a-z]{1,40})\.([a-z]{1,40})$/.exec(name) ?? [];
  if (category && verb) return { category, verb };
  throw new CodedError(
    'XW_EVENT_NAME',
    `"${name}" is no name of an event; expected one such as ${KNOWN_EVENT_NAMES.join(', ')}`,
  );
}
