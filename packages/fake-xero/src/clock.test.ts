import { describe, expect, it } from 'vitest';
import { createClock } from './clock.ts';

describe('a clock', () => {
  it('that is stopped stands until it is advanced', () => {
    const clock = createClock({ stoppedAt: 1000 });
    expect(clock.now()).toBe(1000);
    clock.advance(5);
    expect(clock.now()).toBe(1005);
  });

  it.each([{ stoppedAt: 0 }, {}])('wakes who has slept long enough when it is advanced (%j)', async (options) => {
    const clock = createClock(options);
    const woken: string[] = [];
    const sleep = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      woken.push(name);
    };
    const [long, short] = [sleep('long', 20 * 3_600_000), sleep('short', 3_600_000)];
    clock.advance(3_600_000);
    await short;
    expect(woken).toEqual(['short']);
    clock.advance(20 * 3_600_000);
    await long;
    expect(woken).toEqual(['short', 'long']);
  });

  it('that goes with the machine wakes by itself', async () => {
    await createClock().sleep(1);
  });

  it('wakes whom the signal calls with its reason', async () => {
    const clock = createClock({ stoppedAt: 0 });
    const controller = new AbortController();
    const asleep = clock.sleep(1, controller.signal);
    controller.abort(new Error('enough'));
    await expect(asleep).rejects.toThrow('enough');
    await expect(clock.sleep(1, controller.signal)).rejects.toThrow('enough');
  });

  it('lets nobody sleep for nothing', async () => {
    await createClock({ stoppedAt: 0 }).sleep(0);
  });
});
