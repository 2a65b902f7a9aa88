import { setBounded } from '@xero-webhooks/bounded';

/** How often lists were begun by handlers and put off in the middle, over all runs of the events in this process. */
export type UnfinishedLists = {
  /**
   * Notes that a list was put off in the middle.
   *
   * @returns whether that was once too often; then it is counted anew
   */
  add(list: string): boolean;
};

/** So many beginnings are waited for; then the handler's attempt fails. */
const MAX_BEGINNINGS = 3;

/** More lists than that are forgotten. */
const MAX_REMEMBERED = 10_000;

/** Counts are kept in this process alone. */
export function createUnfinishedLists(): UnfinishedLists {
  const beginnings = new Map<string, number>();
  return {
    add(list) {
      const count = (beginnings.get(list) ?? 0) + 1;
      if (count < MAX_BEGINNINGS) setBounded(beginnings, list, count, MAX_REMEMBERED);
      else beginnings.delete(list);
      return count >= MAX_BEGINNINGS;
    },
  };
}
