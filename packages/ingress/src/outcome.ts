import type { UnreadableCause } from '@xero-webhooks/webhook';

/** What a request came to. Everything that is counted, logged or answered follows from it. */
export type RequestOutcome =
  | { outcome: 'accepted'; deliveryId: string; keyIndex: number; events: number; unreadable: number }
  | { outcome: 'intent-to-receive'; keyIndex: number }
  | { outcome: 'signature-mismatch'; signed: boolean }
  | { outcome: 'unreadable'; deliveryId: string; keyIndex: number; cause: UnreadableCause; detail: string }
  | RefusedUnread;

/** What a request can come to before its body was read. */
export type RefusedUnread =
  | { outcome: 'method-not-allowed' | 'too-large' | 'too-many-pieces' }
  | { outcome: 'refused'; reason: string; error?: unknown };
