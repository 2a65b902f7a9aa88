import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Answer } from './answer.ts';
import { empty, json, text } from './answer.ts';
import { askedOrganisation, grantOf, organisationOf } from './authorised-call.ts';
import type { Call } from './call.ts';
import { readCall } from './call.ts';
import type { LoggedCall } from './call-log.ts';
import { createCallLog } from './call-log.ts';
import type { FakeClock } from './clock.ts';
import { createClock } from './clock.ts';
import { createConnections } from './connections.ts';
import { control, CONTROL_ROOT } from './control-over-http.ts';
import type { FakeXeroControls } from './controls.ts';
import type { FaultKind } from './faults.ts';
import { createFaults } from './faults.ts';
import { createIdentity } from './identity.ts';
import type { Limits } from './limits.ts';
import { createLimitGate, tooManyRequests, XERO_LIMITS } from './limits.ts';
import { notFound, readResources } from './read-resources.ts';
import { isResourceCategory } from '@xero-webhooks/handlers';
import { createResources } from './resources.ts';
import { sendAnswer } from './send-answer.ts';
import type { TokenLifetimes } from './tokens.ts';
import { createTokens, XERO_LIFETIMES } from './tokens.ts';
import type { WebhookBehaviour, WebhookTarget } from './webhook.ts';
import { createWebhook, XERO_WEBHOOK } from './webhook.ts';
import type { FakeClient, FakeOrganisation, FakeUser } from './world.ts';
import { DEMO_ORGANISATIONS, demoClients, demoUser } from './world.ts';

export type FakeXeroOptions = {
  /** Where it listens. @defaultValue `127.0.0.1` */
  host?: string;
  /** @defaultValue any free port */
  port?: number;
  /** @defaultValue one that runs with the machine's time */
  clock?: FakeClock;
  /** @defaultValue two, each with a handful of contacts, invoices and so on */
  organisations?: readonly FakeOrganisation[];
  /** @defaultValue one, who may connect every organisation */
  users?: readonly FakeUser[];
  /** @defaultValue `demo-app` and `demo-custom` (their secret is `demo-secret`), and `demo-pkce-app`, which has none */
  clients?: readonly FakeClient[];
  /** @defaultValue those of Xero */
  limits?: Partial<Limits>;
  /** @defaultValue those of Xero */
  lifetimes?: Partial<TokenLifetimes>;
  /** Where the webhook is delivered, and how it behaves. @defaultValue no target, Xero's behaviour */
  webhook?: Partial<WebhookTarget & WebhookBehaviour>;
  /** Called at the end of each call except those under `/__fake/`. */
  onCall?: (call: LoggedCall) => void;
};

/** A running fake, reached over real HTTP. */
export type FakeXero = FakeXeroControls & {
  /** The base URL for API, identity and login. */
  readonly url: string;
  /** Environment variables that point our processes to this fake. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clients: readonly FakeClient[];
  readonly users: readonly FakeUser[];
  /** Stops it and aborts everything in progress. */
  readonly stop: () => Promise<void>;
};

const FIREWALL_PAGE =
  '<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\nReference&#32;&#35;18&#46;2d35&#46;1763&#46;5e07\n</BODY>\n</HTML>\n';

/** A call and how to answer it. */
type Routed = { headers?: Readonly<Record<string, string>>; run: () => Answer; release?: () => void };

/**
 * A fake of Xero: login, tokens, connections, the resources that webhooks report, the limits, and the webhook itself.
 * Everything is in memory.
 *
 * Other processes control it under `/__fake/`, from this machine only: see `control` in control-over-http.ts.
 */
export async function startFakeXero(options: FakeXeroOptions = {}): Promise<FakeXero> {
  const { clock = createClock(), organisations = DEMO_ORGANISATIONS, host = '127.0.0.1', port = 0 } = options;
  const { users = [demoUser(organisations)], clients = demoClients(organisations) } = options;
  const { url: webhookUrl, key, ...webhookBehaviour } = options.webhook ?? {};
  const stopped = new AbortController();
  const tenantIds = organisations.map(({ tenantId }) => tenantId);

  const limits = { ...XERO_LIMITS, ...options.limits };
  const gate = createLimitGate(clock.now, limits);
  const log = createCallLog(clock.now, options.onCall);
  const faults = createFaults();
  const resources = createResources(clock.now, tenantIds);
  const connections = createConnections(clock.now, organisations);
  const tokens = createTokens(clock.now, { ...XERO_LIFETIMES, ...options.lifetimes });
  const identity = createIdentity({ now: clock.now, clients, users, connections, tokens });
  const webhook = createWebhook(clock, { ...XERO_WEBHOOK, ...webhookBehaviour }, stopped.signal);
  if (webhookUrl !== undefined && key !== undefined) webhook.setTarget({ url: webhookUrl, key });

  const changeAll: FakeXeroControls['changeAll'] = (changes, eventsPerPayload) => {
    for (const { category } of changes) checkCategory(category);
    const made = changes.map((change) => resources.change(change));
    const loud = made.filter((_, index) => changes[index]!.notify ?? true);
    const told = webhook.publish(loud, eventsPerPayload);
    return made.map((changed) => {
      const words = told.get(changed);
      return words ? { ...changed, told: words } : changed;
    });
  };

  const controls: FakeXeroControls = {
    clock,
    organisations,
    change: (change) => changeAll([change])[0]!,
    changeAll,
    resourceIds(category, tenantId = tenantIds[0]!) {
      checkCategory(category);
      return resources.list(tenantId, category).map(({ resourceId }) => resourceId);
    },
    calls: log.calls,
    forgetCalls: log.clear,
    usage: log.usage,
    addFault: faults.add,
    clearFaults: faults.clear,
    setLimits: (some) => void Object.assign(limits, some),
    setConsent: identity.setConsent,
    grant({ clientId = clients[0]?.clientId, ...consent } = {}) {
      const client = clients.find((each) => each.clientId === clientId);
      if (!client) throw new RangeError(`unknown app ${clientId}`);
      return identity.grant(client.clientId, consent);
    },
    webhook,
  };

  const routeApi = (call: Call, asked: string | undefined): Routed => {
    const authorised = grantOf(tokens, call);
    // Every answer of Xero has one.
    const correlation = { 'xero-correlation-id': randomUUID() };
    if (!authorised.allowed) return { headers: correlation, run: () => authorised.answer };
    const { grant } = authorised;
    const ofApp = call.path === '/connections' || call.path.startsWith('/connections/');
    const organisation = ofApp ? undefined : organisationOf(connections, grant, asked);
    if (organisation?.allowed === false) return { headers: correlation, run: () => organisation.answer };
    const tenantId = organisation?.tenantId;
    const admission = gate.admit(grant.clientId, tenantId);
    if (!admission.admitted) return { headers: correlation, run: () => admission.answer };
    const run = (): Answer => {
      if (tenantId !== undefined) return readResources(resources, call, tenantId, clock.now());
      const id = call.path.slice('/connections/'.length);
      if (call.method === 'DELETE' && id !== '') return connections.remove(grant, id) ? empty(204) : notFound();
      if (call.method !== 'GET' || id !== '') return notFound();
      const only = call.query.get('authEventId');
      return json(
        200,
        connections.of(grant).filter(({ authEventId }) => only === null || authEventId === only),
      );
    };
    return { headers: { ...correlation, ...admission.headers }, run, release: admission.release };
  };

  const route = (call: Call, asked: string | undefined): Routed => {
    switch (`${call.method} ${call.path}`) {
      case 'GET /identity/connect/authorize':
        return { run: () => identity.authorize(call) };
      case 'POST /connect/token':
        return { run: () => identity.token(call) };
      case 'POST /connect/revocation':
        return { run: () => identity.revocation(call) };
      default:
        return /^\/(?:connections|api\.xro\/2\.0)(?:\/|$)/.test(call.path) ? routeApi(call, asked) : { run: notFound };
    }
  };

  const carryOut = ({ headers, run }: Routed, fault: FaultKind | undefined): Answer => {
    if (fault?.kind === 'status') return empty(fault.status, { ...headers, ...retryAfterHeader(fault.retryAfter) });
    if (fault?.kind === 'firewall') return text(fault.status ?? 403, FIREWALL_PAGE, { server: 'AkamaiGHost' });
    if (fault?.kind === 'too-many-requests') return tooManyRequests({ 'x-rate-limit-problem': 'minute', ...headers });
    const answer = run();
    return { ...answer, headers: { ...answer.headers, ...headers } };
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = await readCall(request);
    if (call.path.startsWith(CONTROL_ROOT)) {
      return sendAnswer(response, isLoopback(request) ? await control(controls, call) : empty(403));
    }
    if (response.destroyed) return;
    const asked = askedOrganisation(tokens, connections, call);
    const { method, path, query } = call;
    const logged = { method, path, query: query.toString() };
    const end = log.begin(asked === undefined ? logged : { ...logged, tenantId: asked });
    const fault = faults.take(call, asked);
    const routed = route(call, asked);
    const answer = carryOut(routed, fault);
    // A client that hangs up does not end the call: it takes as long as it would have.
    if (fault?.kind === 'slow') await clock.sleep(fault.ms, stopped.signal);
    routed.release?.();
    end(fault?.kind === 'reset' ? undefined : answer.status);
    sendAnswer(response, answer, fault);
  };

  const server = createServer((request, response) => {
    // The call was too large or cut off, or the fake has been stopped: no answer is possible.
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server does not listen on a port');
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;

  return {
    ...controls,
    url,
    environment: environmentOf(url, clients[0]),
    clients,
    users,
    async stop() {
      stopped.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function environmentOf(url: string, client: FakeClient | undefined): Record<string, string> {
  return {
    XERO_API_URL: url,
    XERO_IDENTITY_URL: url,
    XERO_LOGIN_URL: url,
    ...(client && { XERO_CLIENT_ID: client.clientId }),
    ...(client?.clientSecret !== undefined && { XERO_CLIENT_SECRET: client.clientSecret }),
  };
}

/** Over HTTP a category can be anything. */
function checkCategory(category: string): void {
  if (!isResourceCategory(category)) throw new RangeError(`unknown category ${category}`);
}

function isLoopback({ socket }: IncomingMessage): boolean {
  return /^(?:::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '');
}

function retryAfterHeader(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}
