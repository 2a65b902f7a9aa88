/** The webhook itself, without server, Redis or dependencies: signatures, bodies, event names and keys. */
/**
 * One change that Xero reports, with the fields as Xero sent them. Five of them are always present and valid
 * (see `readEvent`); the others, and any that Xero may add, are passed on unchecked.
 *
 * Source: `xero-webhooks.yaml` of https://github.com/XeroAPI/Xero-OpenAPI.
 */
type XeroEvent = {
  /** Id of the changed resource, usually a GUID. `eventCategory` tells its kind. */
  readonly resourceId: string;
  /** The organisation that the resource belongs to. */
  readonly tenantId: string;
  /** `INVOICE`, `CONTACT`, `CREDITNOTE`, … Xero adds categories without notice; compare without case. */
  readonly eventCategory: string;
  /** `CREATE` or `UPDATE`, today. Compare without case. */
  readonly eventType: string;
  /** When it changed, in UTC with or without a final `Z`, with zero to seven fraction digits. */
  readonly eventDateUtc: string;
  readonly tenantType?: string;
  /** Where Xero says the resource is. Never request it: build the address from category and `resourceId`. */
  readonly resourceUrl?: string;
  /** Sent with the newer categories, for example `{ Type: 'ACCPAYCREDIT', Status: 'DRAFT' }`. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
};
/**
 * The key that identifies an event: Xero sends no event ID, but the same organisation, resource, category, type and
 * date are the same event. It serves as BullMQ's job id (28 characters, never all digits, no colon) and as the root
 * of the idempotency keys.
 *
 * @returns `x` and base64url of the first 20 bytes of SHA-256 over the JSON array
 *   `[tenantId, resourceId, CATEGORY, TYPE, eventDateUtc]`: ids in lower case, category and type in upper case,
 *   the date as sent
 */
export declare function eventKey(event: Pick<XeroEvent, 'tenantId' | 'resourceId' | 'eventCategory' | 'eventType' | 'eventDateUtc'>): string;
/**
 * The resources that can be read, by event category in lower case. CONTRIBUTING.md says what else a new category needs.
 */
declare const RESOURCE_KINDS: {
  readonly invoice: {
    readonly paged: true;
    readonly archivedField: undefined;
    readonly path: 'Invoices';
    readonly id: 'InvoiceID';
    readonly scope: 'accounting.invoices.read';
    readonly readsManyByIds: true;
  };
  readonly creditnote: {
    readonly paged: true;
    readonly readsManyByIds: false;
    readonly archivedField: undefined;
    readonly path: 'CreditNotes';
    readonly id: 'CreditNoteID';
    readonly scope: 'accounting.invoices.read';
  };
  readonly payment: {
    readonly paged: true;
    readonly readsManyByIds: false;
    readonly archivedField: undefined;
    readonly path: 'Payments';
    readonly id: 'PaymentID';
    readonly scope: 'accounting.payments.read';
  };
  readonly prepayment: {
    readonly paged: true;
    readonly readsManyByIds: false;
    readonly archivedField: undefined;
    readonly path: 'Prepayments';
    readonly id: 'PrepaymentID';
    readonly scope: 'accounting.payments.read';
  };
  readonly overpayment: {
    readonly paged: true;
    readonly readsManyByIds: false;
    readonly archivedField: undefined;
    readonly path: 'Overpayments';
    readonly id: 'OverpaymentID';
    readonly scope: 'accounting.payments.read';
  };
  readonly contact: {
    readonly paged: true;
    readonly path: 'Contacts';
    readonly id: 'ContactID';
    readonly scope: 'accounting.contacts.read';
    readonly readsManyByIds: true;
    readonly archivedField: 'ContactStatus';
  };
};
type ResourceCategory = keyof typeof RESOURCE_KINDS;
/** Events of these categories belong to the app, not to an organisation, and have no resource to read. */
declare const APP_CATEGORIES: readonly ['subscription'];
type KnownCategory = ResourceCategory | (typeof APP_CATEGORIES)[number];
/** Xero's event types in lower case, and the form that event names use. */
declare const PAST_TENSE: {
  readonly create: 'created';
  readonly update: 'updated';
};
/** The names of the events that Xero documents today, for example `invoice.updated`. */
type KnownEventName = `${KnownCategory}.${(typeof PAST_TENSE)[keyof typeof PAST_TENSE]}`;
export declare const KNOWN_EVENT_NAMES: readonly KnownEventName[];
/**
 * Category and type in lower case, the type in the past tense, for example `invoice.updated`. A type that Xero does not
 * document is not changed (`payrun.approve`).
 */
export declare function eventName(event: Pick<XeroEvent, 'eventCategory' | 'eventType'>): string;
/** `sequence` is its place in Xero's sequence, if the payload's bounds match the number of events. */
type SequencedEvent = {
  event: XeroEvent;
  sequence: number | null;
};
/** An entry of `events` that cannot be read: its place in the list, from 0, and why. */
type UnreadableEntry = {
  index: number;
  detail: string;
};
/** Why a whole body could not be read. */
type UnreadableCause = 'not-utf8' | 'not-json' | 'not-an-object' | 'no-events-list';
type ParsedPayload = {
  outcome: 'intent-to-receive';
} | {
  outcome: 'events';
  events: SequencedEvent[];
  unreadable: UnreadableEntry[];
} | {
  outcome: 'unreadable';
  cause: UnreadableCause;
  detail: string;
};
/**
 * Parses the body of a webhook request. Verify its signature first.
 *
 * An empty or `null` list of events is what Xero sends to check the intent to receive. Entries that cannot be read do
 * not affect the others. It never throws.
 *
 * @param rawBody the bytes as received
 */
export declare function parsePayload(rawBody: Uint8Array): ParsedPayload;
/** The request header in which Xero sends the signature. */
export declare const SIGNATURE_HEADER = "x-xero-signature";
/** Whether a signature matches the bytes, and if so, with which key (its place in the list, from 0). */
type SignatureMatch = {
  matched: true;
  keyIndex: number;
} | {
  matched: false;
};
type SignatureCheck = (rawBody: Uint8Array, signature: string | undefined) => SignatureMatch;
/**
 * Xero signs the raw bytes of the body with HMAC-SHA256. The key is the string from the developer portal as
 * literal UTF-8, not base64-decoded (https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/).
 *
 * @param keys the webhook keys, any of which may match (rotation). Empty strings and an empty list throw a TypeError.
 * @returns a function of the raw body and the header's value. It never throws: a header that is missing, malformed, of the
 *   wrong length or signed with another key does not match. It must be exactly the expected base64 string; nothing is
 *   decoded leniently. Every key is tried in constant time, whether or not an earlier one matched.
 */
export declare function createSignatureCheck(keys: readonly string[]): SignatureCheck;
/**
 * Signs a body as Xero does.
 *
 * @param rawBody the exact bytes to send
 * @param key the webhook key, as in the developer portal
 * @returns the value of the `x-xero-signature` header
 */
export declare function sign(rawBody: Uint8Array, key: string): string;
export type { KnownEventName, ParsedPayload, SequencedEvent, SignatureCheck, SignatureMatch, UnreadableCause, UnreadableEntry, XeroEvent };