import { monotonicMs } from './monotonic.ts';

/** When handlers began with the event of a resource, by the clock that all processes share. */
export type Start = readonly [resourceId: string, atMs: number];

/** The question that a process answers with what it has noted since it was asked last: at most so many. */
export const ASK_STARTS = 'starts';
const MOST_AT_ONCE = 50_000;

const starts: Start[] = [];

/**
 * Notes that a handler begins. It only goes into a list, which is asked for when nothing is measured any more; a file or
 * a message for each would take time from what is measured.
 */
export function noteStart(resourceId: string): void {
  starts.push([resourceId, monotonicMs()]);
}

/** Answers whoever has started this process. */
export function answerStarts(): void {
  process.on('message', (question) => {
    if (question === ASK_STARTS) process.send?.(starts.splice(0, MOST_AT_ONCE));
  });
}
