/** The webhook itself, without server, Redis or dependencies: signatures, bodies, event names and keys. */
export {
  createSignatureCheck,
  eventKey,
  eventName,
  KNOWN_EVENT_NAMES,
  parsePayload,
  sign,
  SIGNATURE_HEADER,
} from '@xero-webhooks/webhook';
export type {
  KnownEventName,
  ParsedPayload,
  SequencedEvent,
  SignatureCheck,
  SignatureMatch,
  UnreadableCause,
  UnreadableEntry,
  XeroEvent,
} from '@xero-webhooks/webhook';
