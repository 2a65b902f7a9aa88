import type { ResourceCategory } from '@xero-webhooks/handlers';
import type { Answer } from './answer.ts';
import { empty, json } from './answer.ts';
import type { Call } from './call.ts';
import type { FakeXeroControls } from './controls.ts';
import type { Fault } from './faults.ts';
import type { Change } from './resources.ts';
import type { WebhookTarget } from './webhook.ts';

/** Other processes control the fake under this path. */
export const CONTROL_ROOT = '/__fake/';

type Body = Readonly<Record<string, unknown>>;

/**
 * Answers a call that controls the fake: its methods over HTTP, with JSON in and out. An error in a method is a 400.
 *
 * | call | does |
 * | --- | --- |
 * | `POST change` | a `Change`, or a list of them; `?eventsPerPayload=` overrides the webhook's own |
 * | `GET resources` | all ids of a kind: `?category=`, and `&tenantId=` |
 * | `GET calls`, `DELETE calls` | lists, forgets all calls |
 * | `GET usage` | the usage of each organisation, by id |
 * | `GET organisations` | the organisations |
 * | `POST faults`, `DELETE faults` | adds a `Fault`, removes all |
 * | `PATCH limits` | changes some limits |
 * | `POST clock` | `{ advanceMs }` |
 * | `POST consent` | what users do from now on |
 * | `POST grant` | a token set: `{ clientId?, userId?, tenantIds? }` |
 * | `PUT webhook`, `DELETE webhook`, `GET webhook` | `{ url, key }`; its state and all attempts |
 * | `GET webhook/attempts` | the first attempt of each payload with one of the events `?first=` to `&last=`, once there is one |
 */
export async function control(fake: FakeXeroControls, call: Call): Promise<Answer> {
  try {
    return await (route(fake, call) ?? empty(404));
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function route(fake: FakeXeroControls, { method, path, query, body }: Call): Answer | Promise<Answer> | undefined {
  switch (`${method} ${path.slice(CONTROL_ROOT.length)}`) {
    case 'POST change': {
      const change = parsed(body);
      const perPayload = query.get('eventsPerPayload');
      const changes = (Array.isArray(change) ? change : [change]) as Change[];
      const changed = fake.changeAll(changes, perPayload === null ? undefined : Number(perPayload));
      return json(200, Array.isArray(change) ? changed : changed[0]);
    }
    case 'GET resources': {
      const category = query.get('category') as ResourceCategory;
      return json(200, fake.resourceIds(category, query.get('tenantId') ?? undefined));
    }
    case 'GET calls':
      return json(200, fake.calls());
    case 'DELETE calls':
      return done(fake.forgetCalls());
    case 'GET usage':
      return json(200, Object.fromEntries(fake.organisations.map(({ tenantId }) => [tenantId, fake.usage(tenantId)])));
    case 'GET organisations':
      return json(200, fake.organisations);
    case 'POST faults':
      return done(fake.addFault(object(body) as Fault));
    case 'DELETE faults':
      return done(fake.clearFaults());
    case 'PATCH limits':
      return done(fake.setLimits(object(body)));
    case 'POST clock': {
      const { advanceMs } = object(body);
      if (typeof advanceMs !== 'number') throw new TypeError('advanceMs must be a number of milliseconds');
      return done(fake.clock.advance(advanceMs));
    }
    case 'POST consent':
      return done(fake.setConsent(object(body)));
    case 'POST grant':
      return json(200, fake.grant(object(body)));
    case 'GET webhook':
      return json(200, { ...fake.webhook.state(), attempts: fake.webhook.attempts() });
    case 'GET webhook/attempts':
      return fake.webhook
        .firstAttempts(number(query, 'first'), number(query, 'last'))
        .then((attempts) => json(200, attempts));
    case 'PUT webhook': {
      const { url, key } = object(body) as Partial<WebhookTarget>;
      if (typeof url !== 'string' || typeof key !== 'string') throw new TypeError('url and key must be strings');
      return done(fake.webhook.setTarget({ url, key }));
    }
    case 'DELETE webhook':
      return done(fake.webhook.setTarget(undefined));
    default:
      return undefined;
  }
}

function done(_nothing: void): Answer {
  return empty(204);
}

function number(query: URLSearchParams, name: string): number {
  const value = Number(query.get(name) ?? Number.NaN);
  if (!Number.isInteger(value)) throw new TypeError(`${name} must be a whole number`);
  return value;
}

function parsed(body: string): unknown {
  return JSON.parse(body === '' ? '{}' : body);
}

function object(body: string): Body {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('the body must be an object');
  return value as Body;
}
