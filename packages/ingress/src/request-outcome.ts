import type { UnreadableCause } from '@xero-webhooks/webhook';

/** What became of a request. Metrics, log line and answer all follow from it. */
export type RequestOutcome =
  | { outcome: 'accepted'; deliveryId: string; keyIndex: number; events: number; unreadable: number }
  | { outcome: 'intent-to-receive'; keyIndex: number }
  | { outcome: 'signature-mismatch'; signed: boolean }
  | { outcome: 'unreadable'; deliveryId: string; keyIndex: number; cause: UnreadableCause; detail: string }
  | RefusedUnread;

/** What can become of a request before its body has been read. */
export type RefusedUnread =
  | { outcome: 'method-not-allowed' | 'too-large' | 'too-many-pieces' }
  /** `keyIndex` is there where the signature was verified first. */
  | { outcome: 'refused'; reason: string; error?: unknown; keyIndex?: number };
