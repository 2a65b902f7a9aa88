import { checkEventName } from '@xero-webhooks/handlers';
import { KNOWN_EVENT_NAMES } from '@xero-webhooks/webhook';
import { WrongUsage } from '../wrong-usage.ts';
import { INTENT_TO_RECEIVE } from './options.ts';

/** For example `invoice` and `updated`. */
export type EventName = {
  readonly name: string;
  readonly category: string;
  readonly verb: string;
  /** Whether Xero documents an event of this name; it may add others without notice. */
  readonly documented: boolean;
};

/** @throws CodedError `XW_EVENT_NAME` for an unknown event, with a suggestion */
export function parseEventName(name: string): EventName {
  const checked = checkEventName(name, [INTENT_TO_RECEIVE]);
  const [category, verb, ...more] = name.split('.');
  if (checked.check !== 'impossible' && category && verb && more.length === 0) {
    return { name, category, verb, documented: checked.check === 'known' };
  }
  const remedy =
    checked.check === 'impossible' && checked.didYouMean
      ? `did you mean ${checked.didYouMean}?`
      : `it must be one of ${KNOWN_EVENT_NAMES.join(', ')} or ${INTENT_TO_RECEIVE}`;
  throw new WrongUsage('XW_EVENT_NAME', `unknown event ${JSON.stringify(name)}: ${remedy}`);
}
