/**
 * Where an event stands. `received`: no worker has had it yet. `failing`: a handler has failed and runs again. `parked`:
 * its organisation has no API budget or token, or a receiver is down. `delayed`: a handler asked for a later try. `unhandled`: nobody listens.
 */
export const EVENT_STATES = [
  'received',
  'failing',
  'parked',
  'delayed',
  'handled',
  'unhandled',
  'dead',
  'dropped',
] as const;

export type EventState = (typeof EVENT_STATES)[number];
