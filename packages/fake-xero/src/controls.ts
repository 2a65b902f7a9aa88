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

export type GrantOptions = {
  /** @defaultValue the first app */
  readonly clientId?: string;
  /** @defaultValue the first user */
  readonly userId?: string;
  /** @defaultValue all of the user's organisations */
  readonly tenantIds?: readonly string[];
};

/** Everything that controls the fake; over HTTP under `/__fake/`. */
export type FakeXeroControls = {
  readonly clock: FakeClock;
  readonly organisations: readonly FakeOrganisation[];
  /**
   * Changes or creates a resource, and sends a webhook for it.
   *
   * @throws RangeError if the organisation or category does not exist
   */
  readonly change: (change: Change) => ToldChange;
  /** Makes several changes; their events share payloads of up to `eventsPerPayload` events (default: the webhook's own). */
  readonly changeAll: (changes: readonly Change[], eventsPerPayload?: number) => readonly ToldChange[];
  /**
   * The ids of all resources of a kind, least recently changed first.
   *
   * @param tenantId by default the first organisation
   * @throws RangeError if the organisation or category does not exist
   */
  readonly resourceIds: (category: ResourceCategory, tenantId?: string) => readonly string[];
  /** All calls so far except those under `/__fake/`, oldest first. */
  readonly calls: () => readonly LoggedCall[];
  readonly forgetCalls: () => void;
  /** How close an organisation's calls came to the limits, including refused calls. */
  readonly usage: (tenantId: string) => Usage;
  /** Makes the next calls fail. */
  readonly addFault: (fault: Fault) => void;
  readonly clearFaults: () => void;
  /** Changes some limits from now on. */
  readonly setLimits: (limits: Partial<Limits>) => void;
  /** What users do on the login page from now on. @defaultValue the first user allows all their organisations */
  readonly setConsent: (consent: Consent) => void;
  /**
   * Connects a user's organisations to an app without the login page, and returns the token set.
   *
   * @throws RangeError if the app or user does not exist
   */
  readonly grant: (options?: GrantOptions) => TokenSet;
  readonly webhook: Pick<Webhook, 'attempts' | 'firstAttempts' | 'state' | 'setTarget' | 'whenAttempted' | 'whenIdle'>;
};
