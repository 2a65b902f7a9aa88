import { isResourceCategory } from '@xero-webhooks/handlers';
import { dataFolder } from '@xero-webhooks/runtime';
import { xeroBody } from '@xero-webhooks/fake-xero';
import type { XeroEvent } from '@xero-webhooks/webhook';
import type { Capture } from './capture.ts';
import { capturedEvents, readCapture } from './capture.ts';
import type { EventName } from './event-name.ts';
import { makeEvents, recallEvents, rememberEvents } from './events.ts';
import type { FakeWork, RunningFake } from './fake-xero.ts';
import { deliverByFake, findFakeXero, replyOf } from './fake-xero.ts';
import type { Pace } from './groups.ts';
import { inGroups } from './groups.ts';
import type { SimulateOptions } from './options.ts';
import { MAX_BY_FAKE } from './options.ts';
import { overridden } from './override.ts';
import { reportDuplicates } from './report.ts';
import { expectAnswers } from './send.ts';
import { sendAll } from './send-all.ts';
import type { Simulation } from './simulation.ts';
import type { Target } from './target.ts';

/** An organisation that does not exist. */
const DEMO_TENANT = 'de300000-0000-4000-8000-000000000001';

type Where = {
  target: Target;
  workingDirectory: string;
  /** Prints a remark, apart from the result. */
  warn: (line: string) => void;
  /** How many of the events the target's queue already has, if known. */
  countKnown: (events: readonly XeroEvent[]) => Promise<number | undefined>;
  signal?: AbortSignal;
  onProgress?: Pace['onProgress'];
};

/**
 * Lets the fake Xero of `xw dev` make and deliver changes if it can; otherwise sends the events itself.
 *
 * @throws CodedError `XW_NOTHING_TO_REPEAT` or `XW_UNREACHABLE`
 */
export async function simulateEvents(event: EventName, options: SimulateOptions, where: Where): Promise<Simulation> {
  const { target, workingDirectory, warn, countKnown } = where;
  const { name } = event;
  const { count = 1, repeat = false, badSignature = false } = options;
  const folder = dataFolder(workingDirectory);
  const remember = (events: readonly XeroEvent[]): string[] =>
    rememberEvents(folder, { name, events })
      ? []
      : [`note       ${folder} cannot be written to, so --repeat will not work`];

  const fake = await findFakeXero(workingDirectory);
  if (!event.documented) {
    const unreadable = fake ? ', and the fake Xero has no such resource for handlers to read' : '';
    warn(`note       Xero documents no event named ${name}${unreadable}`);
  }
  const began = performance.now();
  const work = fake && workFor(fake, event, options);
  if (work) {
    const deliveries = await deliverByFake(fake.xero, work, paceOf(options, where));
    const events = deliveries.flatMap((delivery) => delivery.events);
    const notes = remember(events);
    const replies = deliveries.map(({ attempt }) => replyOf(attempt));
    expectAnswers(target.url, replies);
    const isAccepted = replies.every(({ status }) => status === 200);
    if (!isAccepted) notes.push('note       the fake Xero keeps retrying refused requests, as Xero does');
    const sent = { events: events.length, requests: replies.length, sentTwice: 0, replies };
    const passed = isAccepted && events.length === count;
    const by = { url: target.url, fakeUrl: fake.xero.url, repeated: false };
    return { what: name, ...by, ...sent, ms: performance.now() - began, passed, notes };
  }

  const tenantId = options.tenant ?? fake?.organisations[0]?.tenantId ?? DEMO_TENANT;
  const events = repeat ? recallEvents(folder, name, options.count) : madeEvents(event, options, tenantId);
  const notes = repeat ? [] : remember(events);
  const known = repeat ? await countKnown(events) : undefined;
  const simulation = await sendEvents(events, name, options, where);
  if (repeat && simulation.passed && !badSignature) notes.push(...reportDuplicates(events.length, known));
  return { ...simulation, repeated: repeat, notes };
}

/**
 * Sends the body of a captured request byte for byte, under another signature; or its events with other values in some of
 * their fields.
 *
 * @throws CodedError `XW_CAPTURE` or `XW_UNREACHABLE`
 */
export async function simulateCapture(path: string, options: SimulateOptions, where: Where): Promise<Simulation> {
  const capture = readCapture(path);
  const { override } = options;
  if (!override) return sendCapture(capture, path, options, where);
  const events = capturedEvents(capture, path).map((event) => overridden(event, override));
  return sendEvents(events, `events of ${path}`, options, where);
}

async function sendCapture(
  { body, events }: Capture,
  path: string,
  options: SimulateOptions,
  { target, ...where }: Where,
): Promise<Simulation> {
  const began = performance.now();
  const sent = await sendAll([body], (bytes) => bytes, target, { ...options, ...paceOf(options, where) });
  const what = events ? `events of ${path}` : `unreadable bodies (${path})`;
  return simulationOf({ what, url: target.url, events: events?.length ?? 1, ...sent }, options, 1, began);
}

async function sendEvents(
  events: readonly XeroEvent[],
  what: string,
  options: SimulateOptions,
  { target, ...where }: Where,
): Promise<Simulation> {
  const began = performance.now();
  const groups = inGroups(events, options.perRequest);
  let sequence = 1;
  const bodyOf = (group: readonly XeroEvent[]): Buffer => {
    const body = xeroBody(group, sequence);
    sequence += group.length;
    return body;
  };
  const sent = await sendAll(groups, bodyOf, target, { ...options, ...paceOf(options, where) });
  const count = Math.min(events.length, sent.requests * options.perRequest);
  return simulationOf({ what, url: target.url, events: count, ...sent }, options, groups.length, began);
}

/** @param wanted how many requests were to be sent */
function simulationOf(
  sent: Pick<Simulation, 'what' | 'url' | 'events' | 'requests' | 'sentTwice' | 'replies'>,
  { badSignature = false }: SimulateOptions,
  wanted: number,
  began: number,
): Simulation {
  const expected = badSignature ? 401 : 200;
  const isAsExpected = sent.replies.every(({ status, faults }) => status === expected && faults.length === 0);
  const passed = isAsExpected && sent.requests === wanted;
  return { ...sent, fakeUrl: undefined, repeated: false, ms: performance.now() - began, passed, notes: [] };
}

function madeEvents(event: EventName, { count = 1, override }: SimulateOptions, tenantId: string): XeroEvent[] {
  const events = makeEvents(event, count, tenantId);
  return override ? events.map((one) => overridden(one, override)) : events;
}

/** The rate is one of events, the pace one of requests. */
function paceOf(
  { rate, perRequest }: SimulateOptions,
  { signal, onProgress }: Pick<Where, 'signal' | 'onProgress'>,
): Pace {
  return { perSecond: rate === undefined ? undefined : rate / perRequest, signal, onProgress };
}

/** What the fake Xero must do, or `undefined` if it cannot do what is asked for. */
function workFor(fake: RunningFake, event: EventName, options: SimulateOptions): FakeWork | undefined {
  const { count = 1, perRequest, tenant, url, key, badSignature, repeat, override, duplicates } = options;
  const { category, verb } = event;
  const known = fake.organisations.map(({ tenantId }) => tenantId);
  const tenantId = tenant ?? known[0];
  if (!fake.delivers || url !== undefined || key !== undefined || badSignature || repeat) return undefined;
  if (override !== undefined || duplicates !== undefined) return undefined;
  if (!isResourceCategory(category) || (verb !== 'created' && verb !== 'updated')) return undefined;
  if (tenantId === undefined || !known.includes(tenantId) || count > MAX_BY_FAKE) return undefined;
  return { category, verb, count, tenantId, perRequest };
}
