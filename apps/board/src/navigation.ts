import type { NavigationEntry } from './page/frame.ts';
import {
  BACKFILL_PATH,
  CONNECT_PATH,
  DEAD_LETTERS_PATH,
  EVENTS_PATH,
  HANDLERS_PATH,
  OVERVIEW_PATH,
  QUARANTINE_PATH,
  QUEUES_PATH,
} from './paths.ts';

/** What every page links to, in this order. */
export const NAVIGATION: readonly NavigationEntry[] = [
  { path: OVERVIEW_PATH, label: 'Overview' },
  { path: EVENTS_PATH, label: 'Events' },
  { path: DEAD_LETTERS_PATH, label: 'Dead letters' },
  { path: QUARANTINE_PATH, label: 'Quarantine' },
  { path: BACKFILL_PATH, label: 'Backfill' },
  { path: HANDLERS_PATH, label: 'Handlers' },
  { path: CONNECT_PATH, label: 'Organisations' },
  { path: QUEUES_PATH, label: 'Bull Board' },
];
