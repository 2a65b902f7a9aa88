import type { ConfigOf } from '@xero-webhooks/runtime';
import type { boardVariables } from '@xero-webhooks/configuration/board';

type Config = ConfigOf<typeof boardVariables>;

/**
 * Whether organisations can be connected. `custom`: the app is a custom connection. `fake`: nothing of Xero is configured,
 * and a fake one is read. `incomplete`: these variables are missing.
 */
export type ConnectMode =
  | { readonly mode: 'ready'; readonly clientId: string; readonly encryptionKeys: readonly string[] }
  | { readonly mode: 'custom' }
  | { readonly mode: 'fake'; readonly url: string }
  | { readonly mode: 'incomplete'; readonly missing: readonly string[] };

/** Tells what the connect page can do with a configuration. */
export function connectMode(config: Config): ConnectMode {
  const { XERO_CLIENT_ID: clientId, TOKEN_ENCRYPTION_KEY: encryptionKeys, XERO_FAKE_URL: fakeUrl } = config;
  if (config.XERO_CUSTOM_CONNECTION) return { mode: 'custom' };
  if (clientId === undefined && fakeUrl !== undefined) return { mode: 'fake', url: fakeUrl };
  if (clientId !== undefined && encryptionKeys !== undefined) return { mode: 'ready', clientId, encryptionKeys };
  const missing = [
    ...(clientId === undefined ? ['XERO_CLIENT_ID'] : []),
    ...(encryptionKeys === undefined ? ['TOKEN_ENCRYPTION_KEY'] : []),
  ];
  return { mode: 'incomplete', missing };
}
