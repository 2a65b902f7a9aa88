import { checkEventName } from '@xero-webhooks/handlers';
import { KNOWN_EVENT_NAMES } from '@xero-webhooks/webhook';
import { WrongUsage } from '../wrong-usage.ts';
import { INTENT_TO_RECEIVE } from './options.ts';

/** An event's name, taken apart: `invoice` and `updated`. */
export type EventWords = {
  readonly name: string;
  readonly category: string;
  readonly verb: string;
  /** Whether Xero documents an event of this name; it may add others without notice. */
  readonly documented: boolean;
};

/**
 * Takes an event's name apart.
 *
 * @throws CodedError `XW_EVENT_NAME` for an unknown event, with the name that was probably meant
 */
export function eventWords(name: string): EventWords {
  const checked = checkEventName(name, [INTENT_TO_RECEIVE]);
  const [category, verb, ...more] = name.split('.');
  if (checked.check !== 'impossible' && category && verb && more.length === 0) {
    return { name, category, verb, documented: checked.check === 'known' };
  }
  const remedy =
    checked.check === 'impossible' && checked.didYouMean
      ? `did you mean ${checked.didYouMean}?`
      : `expected ${KNOWN_EVENT_NAMES.join(', ')} or ${INTENT_TO_RECEIVE}`;
  throw new WrongUsage('XW_EVENT_NAME', `unknown event ${JSON.stringify(name)}: ${remedy}`);
}
