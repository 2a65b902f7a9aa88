import { isResourceCategory } from '@xero-webhooks/handlers';
import { dataFolder } from '@xero-webhooks/runtime';
import { signedHeaders, spoilSignature, xeroBody } from '@xero-webhooks/fake-xero';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { SIGNATURE_HEADER } from '@xero-webhooks/webhook';
import type { EventName } from './event-name.ts';
import { makeEvents, recallEvents, rememberEvents } from './events.ts';
import type { FakeWork, RunningFake } from './fake-xero.ts';
import { deliverByFake, findFakeXero, replyOf } from './fake-xero.ts';
import { forEach, inGroups } from './groups.ts';
import type { SimulateOptions } from './options.ts';
import { MAX_BY_FAKE } from './options.ts';
import { reportDuplicates, reportReplies } from './report.ts';
import type { Reply } from './send.ts';
import { expectAnswers, send } from './send.ts';
import type { Target } from './target.ts';

/** An organisation that does not exist. */
const DEMO_TENANT = 'de300000-0000-4000-8000-000000000001';

/** If the first requests, this many, all get no answer, stop: the others would get none either. */
const ENOUGH_TO_TELL = 20;

type Where = {
  target: Target;
  workingDirectory: string;
  print: (line: string) => void;
  /** Prints a remark, apart from the result. */
  warn: (line: string) => void;
  /** How many of the events the target's queue already has, if known. */
  countKnown: (events: readonly XeroEvent[]) => Promise<number | undefined>;
};

/**
 * Lets the fake Xero of `pnpm start` make and deliver changes if it can; otherwise sends the events itself.
 *
 * @returns whether all answers were as expected
 * @throws CodedError `XW_NOTHING_TO_REPEAT` or `XW_UNREACHABLE`
 */
export async function simulateEvents(
  event: EventName,
  options: SimulateOptions,
  { target, workingDirectory, print, warn, countKnown }: Where,
): Promise<boolean> {
  const { name } = event;
  const folder = dataFolder(workingDirectory);
  const remember = (events: readonly XeroEvent[]): void => {
    if (rememberEvents(folder, { name, events })) return;
    print(`note       ${folder} cannot be written to, so --repeat will not work`);
  };
  const report = (events: number, replies: readonly Reply[], by = ''): void => {
    const [what, requests] = [options.repeat ? 'sent again' : 'sent', replies.length];
    print(
      `${what.padEnd(10)} ${events} ${name} in ${requests} request${requests === 1 ? '' : 's'} to ${target.url}${by}`,
    );
    reportReplies(replies).forEach(print);
  };

  const fake = await findFakeXero(workingDirectory);
  if (!event.documented) {
    const unreadable = fake ? ', and the fake Xero has no such resource for handlers to read' : '';
    warn(`note       Xero documents no event named ${name}${unreadable}`);
  }
  const work = fake && workFor(fake, event, options);
  if (work) {
    const deliveries = await deliverByFake(fake.xero, work);
    remember(deliveries.flatMap(({ events }) => events));
    const replies = deliveries.map(({ attempt }) => replyOf(attempt));
    expectAnswers(target.url, replies);
    report(work.count, replies, `, by the fake Xero at ${fake.xero.url}`);
    const passed = replies.every(({ status }) => status === 200);
    if (!passed) print('note       the fake Xero keeps retrying refused requests, as Xero does');
    return passed;
  }

  const tenantId = options.tenant ?? fake?.organisations[0]?.tenantId ?? DEMO_TENANT;
  const events = options.repeat
    ? recallEvents(folder, name, options.count)
    : makeEvents(event, options.count ?? 1, tenantId);
  if (!options.repeat) remember(events);
  const known = options.repeat ? await countKnown(events) : undefined;
  const replies = await sendAll(inGroups(events, options.perRequest), target, options.badSignature ?? false);
  expectAnswers(target.url, replies);
  report(events.length, replies);
  const expected = options.badSignature ? 401 : 200;
  const passed = replies.every(({ status, faults }) => status === expected && faults.length === 0);
  if (options.repeat && passed && expected === 200) reportDuplicates(events.length, known).forEach(print);
  return passed;
}

/** What the fake Xero must do, or `undefined` if it cannot do what is asked for. */
function workFor(fake: RunningFake, event: EventName, options: SimulateOptions): FakeWork | undefined {
  const { count = 1, perRequest, tenant, url, key, badSignature, repeat } = options;
  const { category, verb } = event;
  const known = fake.organisations.map(({ tenantId }) => tenantId);
  const tenantId = tenant ?? known[0];
  if (!fake.delivers || url !== undefined || key !== undefined || badSignature || repeat) return undefined;
  if (!isResourceCategory(category) || (verb !== 'created' && verb !== 'updated')) return undefined;
  if (tenantId === undefined || !known.includes(tenantId) || count > MAX_BY_FAKE) return undefined;
  return { category, verb, count, tenantId, perRequest };
}

async function sendAll(requests: readonly XeroEvent[][], target: Target, badSignature: boolean): Promise<Reply[]> {
  let nextSequence = 1;
  const first: Reply[] = [];
  return forEach(requests, async (events) => {
    const body = xeroBody(events, nextSequence);
    nextSequence += events.length;
    const headers = signedHeaders(body, target.key);
    if (badSignature) headers[SIGNATURE_HEADER] = spoilSignature(headers[SIGNATURE_HEADER]!);
    const reply = await send(target.url, body, headers);
    // If nothing runs there, do not wait for the rest.
    if (first.length < ENOUGH_TO_TELL && first.push(reply) === ENOUGH_TO_TELL) expectAnswers(target.url, first);
    return reply;
  });
}
