import type { Call } from './call.ts';

/** What goes wrong with a call. */
export type FaultKind =
  /** Answered with a status of the server's (500, 503), and not carried out; with a `Retry-After` in seconds where given. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  /** Answered by something on the way to Xero, such as a firewall, with a page of its own (403 unless given). */
  | { readonly kind: 'firewall'; readonly status?: number }
  /** Answered 429 without a `Retry-After`, and not carried out. */
  | { readonly kind: 'too-many-requests' }
  /** Carried out, and answered so many milliseconds later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Carried out, but the connection is reset instead of an answer. */
  | { readonly kind: 'reset' }
  /** Carried out, and answered with something that is no JSON. */
  | { readonly kind: 'malformed' }
  /** Carried out, but the connection ends in the middle of the answer. */
  | { readonly kind: 'truncated' };

/** Which calls a fault strikes; without a field, any. */
export type FaultMatch = {
  /** What the path begins with, for example `/api.xro/2.0/Invoices`. */
  readonly path?: string;
  readonly tenantId?: string;
  readonly method?: string;
};

export type Fault = FaultKind & {
  /** How many calls it strikes. @defaultValue 1 */
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

/** Makes the list of what is going to go wrong. Of several faults that match, the one added first strikes. */
export function createFaults() {
  const waiting: { fault: Fault; left: number }[] = [];

  return {
    /** @throws RangeError where there is no such kind of fault */
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
