/**
 * The reads from Xero in one attempt of a handler. One that has not ended when the handler returns was not awaited: its
 * failure would reach nobody.
 */
export type Calls = {
  /**
   * Follows a read until it ends. Its rejection never ends the process, so that a handler may start it now and await it
   * later.
   *
   * @param name as people write it, such as `context.resource()`
   */
  follow<Value>(name: string, reading: Promise<Value>): Promise<Value>;
  /**
   * To be called when the handler returns.
   *
   * @param onLate called for each read that begins after that, or whose failure reaches nobody, with what is wrong
   * @returns what is wrong with the reads until now
   */
  end(onLate: (fault: string) => void): readonly string[];
  /** Whether an error that nobody handled is the failure of one of these reads. */
  floated(error: unknown): boolean;
};

type Call = { readonly name: string; isReported: boolean };

export function createCalls(): Calls {
  const pending = new Set<Call>();
  const failures = new Map<unknown, Call>();
  const faults: string[] = [];
  /** Set once the handler has returned. */
  let tellLate: ((fault: string) => void) | undefined;

  function report(call: Call, fault: string): void {
    if (call.isReported) return;
    call.isReported = true;
    const words = `${call.name} ${fault}`;
    if (tellLate) tellLate(words);
    else faults.push(words);
  }

  return {
    follow(name, reading) {
      const call = { name, isReported: false };
      pending.add(call);
      if (tellLate) report(call, 'was called after the handler had returned');
      reading.then(
        () => pending.delete(call),
        (error: unknown) => {
          pending.delete(call);
          failures.set(error, call);
        },
      );
      return reading;
    },
    end(onLate) {
      for (const call of pending) report(call, 'had not ended when the handler returned');
      tellLate = onLate;
      return faults;
    },
    floated(error) {
      const call = failures.get(error);
      if (call) report(call, 'failed, and nothing handled that');
      return call !== undefined;
    },
  };
}
