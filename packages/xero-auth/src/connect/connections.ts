import { createSend } from '../identity/http.ts';

/** An organisation that a user has connected to the app. */
export type Connection = { readonly id: string; readonly tenantId: string; readonly name: string };

/** `unauthorised`: Xero rejected the access token. */
export type ConnectionsFault =
  | { readonly outcome: 'unauthorised'; readonly reason: string }
  | { readonly outcome: 'unavailable'; readonly reason: string };

/** https://developer.xero.com/documentation/guides/oauth2/tenants. Nothing here throws. */
export type Connections = {
  /** The organisations that an access token can read. Connections of other types are left out. */
  list(
    accessToken: string,
  ): Promise<{ readonly outcome: 'listed'; readonly connections: readonly Connection[] } | ConnectionsFault>;
  /** One that no longer exists counts as removed. */
  remove(accessToken: string, id: string): Promise<{ readonly outcome: 'removed' } | ConnectionsFault>;
};

const ID = /^[A-Za-z0-9-]{1,64}$/;
const MAX_NAME = 200;

/** @param url XERO_API_URL */
export function createConnections(url: string): Connections {
  const send = createSend({ url });
  const { host } = new URL(url);

  return {
    async list(accessToken) {
      const reply = await send({ method: 'GET', path: '/connections', headers: bearer(accessToken) });
      if (reply.outcome === 'silent') return { outcome: 'unavailable', reason: reply.reason };
      if (reply.status !== 200) return faultOf(host, reply.status);
      const connections = readConnections(reply.body);
      return connections
        ? { outcome: 'listed', connections }
        : { outcome: 'unavailable', reason: `${host} did not answer with a list of connections` };
    },
    async remove(accessToken, id) {
      const path = `/connections/${encodeURIComponent(id)}`;
      const reply = await send({ method: 'DELETE', path, headers: bearer(accessToken) });
      if (reply.outcome === 'silent') return { outcome: 'unavailable', reason: reply.reason };
      const isGone = (reply.status >= 200 && reply.status < 300) || reply.status === 404;
      return isGone ? { outcome: 'removed' } : faultOf(host, reply.status);
    },
  };
}

function bearer(accessToken: string): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` };
}

function faultOf(host: string, status: number): ConnectionsFault {
  return { outcome: status === 401 ? 'unauthorised' : 'unavailable', reason: `${host} answers ${status}` };
}

/** Rejects a list with any malformed entry: organisations missing from the list are disconnected here. */
function readConnections(body: unknown): Connection[] | undefined {
  if (!Array.isArray(body)) return undefined;
  const connections: Connection[] = [];
  for (const each of body as unknown[]) {
    if (typeof each !== 'object' || each === null) return undefined;
    const { id, tenantId, tenantType, tenantName } = each as Record<string, unknown>;
    if (tenantType !== 'ORGANISATION') continue;
    if (!isId(id) || !isId(tenantId)) return undefined;
    const name = typeof tenantName === 'string' && tenantName.trim() !== '' ? tenantName.slice(0, MAX_NAME) : tenantId;
    connections.push({ id, tenantId: tenantId.toLowerCase(), name });
  }
  return connections;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}
