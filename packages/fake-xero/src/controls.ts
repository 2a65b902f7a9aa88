import type { ResourceCategory } from '@xero-webhooks/handlers';
import type { LoggedCall, Usage } from './call-log.ts';
import type { FakeClock } from './clock.ts';
import type { Fault } from './faults.ts';
import type { Consent } from './identity.ts';
import type { Limits } from './limits.ts';
import type { Change } from './resources.ts';
import type { TokenSet } from './tokens.ts';
import type { ToldChange, Webhook } from './webhook.ts';
import type { FakeOrganisation } from './world.ts';

/** Whom a grant is for. */
export type GrantOptions = {
  /** @defaultValue the first app */
  readonly clientId?: string;
  /** @defaultValue the first user */
  readonly userId?: string;
  /** @defaultValue all of the user's organisations */
  readonly tenantIds?: readonly string[];
};

/** What can be done to the fake from outside of Xero's own paths. */
export type FakeXeroControls = {
  readonly clock: FakeClock;
  readonly organisations: readonly FakeOrganisation[];
  /**
   * Changes or creates a resource, and has the webhook tell of it.
   *
   * @throws RangeError where there is no such organisation or category
   */
  readonly change: (change: Change) => ToldChange;
  /** Makes several changes, whose events share payloads as far as `eventsPerPayload` allows: the webhook's own, or this. */
  readonly changeAll: (changes: readonly Change[], eventsPerPayload?: number) => readonly ToldChange[];
  /**
   * The ids of all resources of a kind, those that changed longest ago first.
   *
   * @param tenantId the first organisation, where it is left out
   * @throws RangeError where there is no such organisation or category
   */
  readonly resourceIds: (category: ResourceCategory, tenantId?: string) => readonly string[];
  /** Every call so far but for those under `/__fake/`, oldest first. */
  readonly calls: () => readonly LoggedCall[];
  readonly forgetCalls: () => void;
  /** How hard the calls for an organisation were on the limits, the refused calls included. */
  readonly usage: (tenantId: string) => Usage;
  /** Makes the next calls go wrong. */
  readonly addFault: (fault: Fault) => void;
  readonly clearFaults: () => void;
  /** Changes some of the limits from now on. */
  readonly setLimits: (limits: Partial<Limits>) => void;
  /** Says what users do at the login page from now on. @defaultValue the first user allows all their organisations */
  readonly setConsent: (consent: Consent) => void;
  /**
   * Connects a user's organisations to an app, and returns the token set, without going through the login page.
   *
   * @throws RangeError where there is no such app or user
   */
  readonly grant: (options?: GrantOptions) => TokenSet;
  readonly webhook: Pick<Webhook, 'attempts' | 'firstAttempts' | 'state' | 'setTarget' | 'whenAttempted' | 'whenIdle'>;
};
