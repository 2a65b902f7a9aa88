import { checkEventName, eventNameRemedy } from '@xero-webhooks/handlers';
import type { Format } from '@xero-webhooks/runtime';
import { flag, list, oneOf, optional, text, tokenMatching, url, withDefault } from '@xero-webhooks/runtime';
import { SECRET_EXPECTED, SECRET_PATTERN } from './secret.ts';

const eventNames: Format<readonly string[]> = {
  ...list(text),
  expected: 'names of events such as invoice.updated, separated by commas, or *',
  complain: complainOfName,
};

/** What a worker forwards, where no handler does. */
export const forwardVariables = {
  FORWARD_URL: optional(url('https', 'http'), {
    about: 'Where every event is posted, signed as a Standard Webhook, beside what handlers do.',
    without: 'only handlers forward',
    secret: true,
  }),
  FORWARD_SECRET: optional(list(tokenMatching(SECRET_PATTERN, SECRET_EXPECTED)), {
    about:
      'What the receiver at `FORWARD_URL` verifies signatures with; several while one replaces another. `echo "whsec_$(openssl rand -base64 32)"` makes one.',
    secret: true,
  }),
  FORWARD_EVENTS: withDefault(eventNames, '*', { about: 'The events that are posted to `FORWARD_URL`.' }),
  FORWARD_INCLUDE: withDefault(oneOf('event', 'resource'), 'event', {
    about:
      'What is posted to `FORWARD_URL`: the event alone, or also the changed resource, which takes access to Xero.',
  }),
  FORWARD_ALLOW_PRIVATE: withDefault(flag, 'false', {
    about:
      'Whether events may be forwarded to addresses that are not of the public internet, also by `context.forward`. `xw dev` sets it to `true`.',
  }),
};

function complainOfName(given: string): string | undefined {
  for (const name of given.split(',').map((one) => one.trim())) {
    const checked = checkEventName(name);
    if (checked.check !== 'impossible') continue;
    return `has "${name.slice(0, 60)}", which no event is named: ${eventNameRemedy(checked)}`;
  }
  return undefined;
}
