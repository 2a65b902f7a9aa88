import { guidOf } from './guid.ts';

export type FakeOrganisation = { readonly tenantId: string; readonly name: string };

/** A Xero user, who can connect organisations to an app. */
export type FakeUser = {
  readonly userId: string;
  /** The organisations they may connect. */
  readonly tenantIds: readonly string[];
};

/** An app as in the developer portal. */
export type FakeClient = {
  readonly clientId: string;
  /** None for an app that uses only PKCE. */
  readonly clientSecret?: string;
  /** @defaultValue any address on loopback */
  readonly redirectUris?: readonly string[];
  /** The app is a custom connection to this one organisation, and uses `client_credentials`. */
  readonly customConnectionTenantId?: string;
};

/** Calls and changes that name no organisation use the first. */
export const DEMO_ORGANISATIONS: readonly FakeOrganisation[] = ['Demo Company (Global)', 'Second Company'].map(
  (name) => ({ tenantId: guidOf('organisation', name), name }),
);

export function demoUser(organisations: readonly FakeOrganisation[]): FakeUser {
  return { userId: guidOf('user', 'demo'), tenantIds: organisations.map(({ tenantId }) => tenantId) };
}

/** A web app, an app that uses only PKCE, and a custom connection to the first organisation. */
export function demoClients(organisations: readonly FakeOrganisation[]): readonly FakeClient[] {
  const [first] = organisations;
  return [
    { clientId: 'demo-app', clientSecret: 'demo-secret' },
    { clientId: 'demo-pkce-app' },
    ...(first
      ? [{ clientId: 'demo-custom', clientSecret: 'demo-secret', customConnectionTenantId: first.tenantId }]
      : []),
  ];
}
