/** What a promise comes to, or `instead` as soon as the signal is aborted; the promise's work goes on for others. */
export async function orAborted<Result>(
  promise: Promise<Result>,
  signal: AbortSignal,
  instead: Result,
): Promise<Result> {
  const { promise: aborted, resolve } = Promise.withResolvers<Result>();
  const abort = (): void => resolve(instead);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
