import { InvalidArgumentError } from 'commander';
import type { XeroEvent } from '@xero-webhooks/webhook';

/** A field of an event, and what it is to be: `undefined` leaves it out. */
export type Override = { readonly path: readonly string[]; readonly value: unknown };

/** Adds `path=value` to those before. A value is JSON if it can be read as that, else text; without one the field is left out. */
export function addOverride(text: string, before: readonly Override[] = []): Override[] {
  const [, path, value] = /^([\w.]+)=(.*)$/s.exec(text) ?? [];
  const steps = path?.split('.') ?? [];
  if (steps.length === 0 || steps.some((step) => step === '' || step === '__proto__'))
    throw new InvalidArgumentError('It must be a field and its value, such as data.Status=VOIDED.');
  return [...before, { path: steps, value: read(value!) }];
}

/** The event with other values in some fields, also in such as Xero would not send. */
export function overridden(event: XeroEvent, overrides: readonly Override[]): XeroEvent {
  const changed = structuredClone(event) as unknown as Record<string, unknown>;
  for (const { path, value } of overrides) {
    let at = changed;
    for (const step of path.slice(0, -1)) {
      if (typeof at[step] !== 'object' || at[step] === null) at[step] = {};
      at = at[step] as Record<string, unknown>;
    }
    at[path.at(-1)!] = value;
  }
  return changed as unknown as XeroEvent;
}

function read(value: string): unknown {
  if (value === '') return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
