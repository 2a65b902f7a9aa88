import type { Call } from './call.ts';

export type FaultKind =
  /** Not carried out; answered with this status (500, 503) and, if given, a `Retry-After` in seconds. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  /** Answered by something in front of Xero, such as a firewall, with its own page (403 by default). */
  | { readonly kind: 'firewall'; readonly status?: number }
  /** Not carried out; answered with 429 without a `Retry-After`. */
  | { readonly kind: 'too-many-requests' }
  /** Carried out; answered this many milliseconds later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Carried out, but the connection is reset instead of an answer. */
  | { readonly kind: 'reset' }
  /** Carried out; the answer is not JSON. */
  | { readonly kind: 'malformed' }
  /** Carried out, but the connection ends in the middle of the answer. */
  | { readonly kind: 'truncated' };

/** The calls that a fault applies to; a missing field matches any. */
export type FaultMatch = {
  /** A prefix of the path, for example `/api.xro/2.0/Invoices`. */
  readonly path?: string;
  readonly tenantId?: string;
  readonly method?: string;
};

export type Fault = FaultKind & {
  /** How many calls it applies to. @defaultValue 1 */
  readonly times?: number;
  /** @defaultValue every call */
  readonly on?: FaultMatch | ((call: Call, tenantId: string | undefined) => boolean);
};

const KINDS: ReadonlySet<string> = new Set<FaultKind['kind']>([
  'status',
  'firewall',
  'too-many-requests',
  'slow',
  'reset',
  'malformed',
  'truncated',
]);

/** If several faults match a call, the one added first applies. */
export function createFaults() {
  const waiting: { fault: Fault; left: number }[] = [];

  return {
    /** @throws RangeError if the kind of fault does not exist */
    add(fault: Fault): void {
      if (!KINDS.has(fault.kind)) throw new RangeError(`unknown fault ${fault.kind}`);
      waiting.push({ fault, left: fault.times ?? 1 });
    },

    clear(): void {
      waiting.length = 0;
    },

    take(call: Call, tenantId: string | undefined): FaultKind | undefined {
      const at = waiting.findIndex(({ fault }) => matches(fault, call, tenantId));
      const found = waiting[at];
      if (!found) return undefined;
      if (--found.left <= 0) waiting.splice(at, 1);
      return found.fault;
    },
  };
}

function matches({ on = {} }: Fault, call: Call, tenantId: string | undefined): boolean {
  if (typeof on === 'function') return on(call, tenantId);
  if (on.path !== undefined && !call.path.startsWith(on.path)) return false;
  if (on.tenantId !== undefined && on.tenantId !== tenantId) return false;
  return on.method === undefined || on.method === call.method;
}
