/** The memory that the process and the watching thread share, besides the handlers at work. */
export const SIGNALS = {
  /** Counts up as long as the event loop turns. */
  beat: 0,
  /** 1: the process is about to exit and waits for the thread's records. */
  exiting: 1,
  /** 1: the records are made. */
  recorded: 2,
  exitCode: 3,
  /** 1: the process stops in order, and no event is to blame. */
  inOrder: 4,
  length: 5,
} as const;

/** What the thread starts with. */
export type LoopWatchData = {
  readonly signals: SharedArrayBuffer;
  readonly atWork: SharedArrayBuffer;
  /** The job and handler that end the process, if known, as JSON after its length in four bytes. */
  readonly culprit: SharedArrayBuffer;
  readonly redis: unknown;
  readonly rememberMs: number;
  /** From when on a loop counts as blocked, in milliseconds. */
  readonly stillMs: number;
  /** How long the event loop may be blocked while no handler is at work, in milliseconds. */
  readonly timeoutMs: number;
};
