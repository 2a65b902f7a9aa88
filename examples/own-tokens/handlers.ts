import type { AccessTokenProvider, Register } from 'xero-webhooks/handlers';

/** Asked once for each organisation and token; what it throws is tried again, and loses nothing. */
export const accessToken: AccessTokenProvider = async (tenantId, { refresh, signal }) => {
  const url = new URL(`/tokens/${encodeURIComponent(tenantId)}`, process.env.TOKEN_SERVICE_URL);
  if (refresh) url.searchParams.set('refresh', 'true');
  const response = await fetch(url, { signal });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`the token service answered ${response.status}`);
  const { token, expires } = (await response.json()) as { token: string; expires: string };
  return { accessToken: token, expiresAt: expires };
};

const register: Register = (on) => {
  on(['contact.created', 'contact.updated'], async function copyContact(event, context) {
    const contact = await context.resource();
    context.log.info({ name: contact.Name, organisation: event.tenantId }, 'contact changed');
  });
};

export default register;
