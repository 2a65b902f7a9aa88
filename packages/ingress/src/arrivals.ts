/** A value's place among the arrivals. */
export type Arrival<Value> = {
  readonly value: Value;
  before: Arrival<Value> | undefined;
  after: Arrival<Value> | undefined;
};

export type Arrivals<Value> = {
  /** Adds a value after all others. */
  add(value: Value): Arrival<Value>;
  /** Takes one out, wherever it stands. Does nothing if it is out already. */
  remove(arrival: Arrival<Value>): void;
  /** The one that has been here longest. */
  oldest(): Arrival<Value> | undefined;
};

/**
 * Values in the order in which they arrived, a linked list. A `Set` would do the same, but with a value added and deleted
 * for each request it makes new tables all the time, and V8 lets an old table refer to the next: once one has grown old,
 * all that come after it grow old with what is in them, here whole requests, until a full collection. That doubled the
 * time of the short ones.
 */
export function createArrivals<Value>(): Arrivals<Value> {
  let first: Arrival<Value> | undefined;
  let last: Arrival<Value> | undefined;
  return {
    add(value) {
      const arrival: Arrival<Value> = { value, before: last, after: undefined };
      if (last) last.after = arrival;
      else first = arrival;
      last = arrival;
      return arrival;
    },
    remove(arrival) {
      const { before, after } = arrival;
      const isHere = before !== undefined || arrival === first;
      if (!isHere) return;
      if (before) before.after = after;
      else first = after;
      if (after) after.before = before;
      else last = before;
      arrival.before = undefined;
      arrival.after = undefined;
    },
    oldest: () => first,
  };
}
