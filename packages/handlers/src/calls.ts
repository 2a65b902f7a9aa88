/** An await that is missing, in words. `loses`: what the event was to do may not have been done. */
export type MissingAwait = { readonly fault: string; readonly loses: boolean };

/**
 * The reads from Xero and the forwards in one attempt of a handler. One that has not ended when the handler returns was not
 * awaited: its failure would reach nobody.
 */
export type Calls = {
  /**
   * Follows a call until it ends. Its rejection never ends the process, so that a handler may start it now and await it
   * later.
   *
   * @param name as people write it, such as `context.resource()`
   * @param loses whether the event must not count as handled where nobody awaits this call. @defaultValue false
   */
  follow<Value>(name: string, calling: Promise<Value>, loses?: boolean): Promise<Value>;
  /**
   * To be called when the handler returns.
   *
   * @param onLate called for each call that begins after that, or whose failure reaches nobody, with what is wrong
   * @returns what is wrong with the calls until now
   */
  end(onLate: (fault: string) => void): readonly MissingAwait[];
  /** Whether an error that nobody handled is the failure of one of these calls. */
  floated(error: unknown): boolean;
};

type Call = { readonly name: string; readonly loses: boolean; isReported: boolean };

export function createCalls(): Calls {
  const pending = new Set<Call>();
  const failures = new Map<unknown, Call>();
  const faults: MissingAwait[] = [];
  /** Set once the handler has returned. */
  let tellLate: ((fault: string) => void) | undefined;

  function report(call: Call, fault: string): void {
    if (call.isReported) return;
    call.isReported = true;
    const words = `${call.name} ${fault}`;
    if (tellLate) tellLate(words);
    else faults.push({ fault: words, loses: call.loses });
  }

  return {
    follow(name, calling, loses = false) {
      const call = { name, loses, isReported: false };
      pending.add(call);
      if (tellLate) report(call, 'was called after the handler had returned');
      calling.then(
        () => pending.delete(call),
        (error: unknown) => {
          pending.delete(call);
          failures.set(error, call);
        },
      );
      return calling;
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
