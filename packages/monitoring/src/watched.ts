/** What one process watches for all; each has a turn of its own. */
export const WATCHED = ['system', 'organisations'] as const;

export type Watched = (typeof WATCHED)[number];
