/** The promise's result, or `instead` as soon as the signal is aborted. The promise's work goes on, for other callers. */
export async function raceAbort<Result>(
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
