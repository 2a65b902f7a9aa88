import type { AccessTokenProvider, Register } from 'xero-webhooks/handlers';

// One handler that reads the resource of each event.
const register: Register = (on) => {
  on('invoice.updated', async function read(_event, context) {
    await context.resource();
  });
};

export default register;

// The fake Xero grants a token to anyone.
export const accessToken: AccessTokenProvider = async () => {
  const response = await fetch(`${process.env['XERO_API_URL']}/__fake/grant`, { method: 'POST' });
  const { access_token: token, expires_in: seconds } = (await response.json()) as {
    access_token: string;
    expires_in: number;
  };
  return { accessToken: token, expiresAt: Date.now() + seconds * 1000 };
};
