import type { XeroEvent } from './event.ts';
import type { ResourceCategory } from './resource-kinds.ts';
import { RESOURCE_CATEGORIES } from './resource-kinds.ts';

/** Events of these categories belong to the app, not to an organisation, and have no resource to read. */
const APP_CATEGORIES = ['subscription'] as const;

export type KnownCategory = ResourceCategory | (typeof APP_CATEGORIES)[number];

/** The categories that Xero documents, in lower case, in alphabetical order. */
export const KNOWN_CATEGORIES: readonly KnownCategory[] = [...RESOURCE_CATEGORIES, ...APP_CATEGORIES].toSorted();

/** Whether events of a category, in any case, belong to the app. */
export function isAppCategory(category: string): boolean {
  return (APP_CATEGORIES as readonly string[]).includes(category.toLowerCase());
}

/** Xero's event types in lower case, and the form that event names use. */
const PAST_TENSE = { create: 'created', update: 'updated' } as const;

/** The names of the events that Xero documents today, for example `invoice.updated`. */
export type KnownEventName = `${KnownCategory}.${(typeof PAST_TENSE)[keyof typeof PAST_TENSE]}`;

export const KNOWN_EVENT_NAMES: readonly KnownEventName[] = KNOWN_CATEGORIES.flatMap((category) =>
  Object.values(PAST_TENSE).map((verb): KnownEventName => `${category}.${verb}`),
);

const TYPES = new Map<string, string>(Object.entries(PAST_TENSE).map(([type, verb]) => [verb, type]));

/** Xero's type of the event whose name ends in this word, in upper case: `UPDATE` for `updated`. */
export function eventType(verb: string): string {
  return (TYPES.get(verb) ?? verb).toUpperCase();
}

/**
 * Category and type in lower case, the type in the past tense, for example `invoice.updated`. A type that Xero does not
 * document is not changed (`payrun.approve`).
 */
export function eventName(event: Pick<XeroEvent, 'eventCategory' | 'eventType'>): string {
  const type = event.eventType.toLowerCase();
  const verb = Object.hasOwn(PAST_TENSE, type) ? PAST_TENSE[type as keyof typeof PAST_TENSE] : type;
  return `${event.eventCategory.toLowerCase()}.${verb}`;
}
