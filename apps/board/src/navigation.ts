import type { NavigationEntry } from './page/frame.ts';
import { CONNECT_PATH, QUEUES_PATH } from './paths.ts';

/** What every page links to, in this order. */
export const NAVIGATION: readonly NavigationEntry[] = [
  { path: QUEUES_PATH, label: 'Queues' },
  { path: CONNECT_PATH, label: 'Connect' },
];

/** The icon of every page: Bull Board's. */
export const ICON_PATH = `${QUEUES_PATH}/static/images/logo.svg`;
