/** The places of the memory that the process and its watching thread share, besides what is at work. */
export const SIGNALS = {
  /** Counts up as long as the event loop turns. */
  beat: 0,
  /** 1: the process is about to exit and wants its last words recorded. */
  exiting: 1,
  /** 1: that is done. */
  recorded: 2,
  exitCode: 3,
  /** 1: the process stops in order, and no event is to blame for it. */
  inOrder: 4,
  length: 5,
} as const;

/** What the thread is given. */
export type LoopWatchData = {
  readonly signals: SharedArrayBuffer;
  readonly atWork: SharedArrayBuffer;
  /** The job and the handler that ends the process, as JSON, where it is known; its length comes first, in four bytes. */
  readonly culprit: SharedArrayBuffer;
  readonly redis: unknown;
  readonly rememberMs: number;
  /** From then on a loop stands still, in milliseconds. */
  readonly stillMs: number;
  /** How long the event loop may stand still where no handler at work says otherwise, in milliseconds. */
  readonly timeoutMs: number;
};
