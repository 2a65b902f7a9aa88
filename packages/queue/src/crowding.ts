/** Whether an organisation's next event is one too many to go before the events of others. */
export type Crowding = (tenantId: string) => boolean;

type Allowance = { left: number; at: number };

type Options = {
  /** How many events of an organisation may come at once. @defaultValue 100 */
  readonly atOnce?: number;
  /** How many each second, for as long as it likes. @defaultValue 20 */
  readonly perSecond?: number;
  /** In milliseconds. */
  readonly now?: () => number;
};

/** From so many organisations on, those that are quiet are forgotten. */
const MANY = 10_000;

/** Nobody crowds out anybody: events go in the order in which they come. */
export const NO_CROWDING: Crowding = () => false;

/**
 * Tells which events of an organisation come so fast that those of others should go first. An import in one organisation
 * can change tens of thousands of resources within a minute; the others, with an event now and then, should not wait for
 * all of them. It counts in this process alone: with several ingresses, each allows as much.
 */
export function createCrowding({ atOnce = 100, perSecond = 20, now = Date.now }: Options = {}): Crowding {
  const allowances = new Map<string, Allowance>();

  function refilled({ left, at }: Allowance, time: number): number {
    return Math.min(atOnce, left + (Math.max(0, time - at) / 1_000) * perSecond);
  }

  function forgetQuiet(time: number): void {
    for (const [tenantId, allowance] of allowances) {
      if (refilled(allowance, time) >= atOnce) allowances.delete(tenantId);
    }
  }

  return (tenantId) => {
    const time = now();
    const allowance = allowances.get(tenantId);
    if (!allowance) {
      if (allowances.size >= MANY) forgetQuiet(time);
      allowances.set(tenantId, { left: atOnce - 1, at: time });
      return false;
    }
    const left = refilled(allowance, time);
    allowance.at = time;
    allowance.left = left < 1 ? left : left - 1;
    return left < 1;
  };
}
