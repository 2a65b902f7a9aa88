import { describe, expect, it } from 'vitest';
import type { Leave } from './isolation.ts';
import { createIsolation } from './isolation.ts';

const never = new AbortController().signal;

function isolation(maxWaiting = 2) {
  const pauses: boolean[] = [];
  return { pauses, ...createIsolation({ maxWaiting, onPause: (paused) => void pauses.push(paused) }) };
}

/** Who is in, by name, in the order in which they came. */
function visitors() {
  const inside: string[] = [];
  return {
    inside,
    come: (name: string, entering: Leave | Promise<Leave | undefined>) =>
      Promise.resolve(entering).then((leave) => {
        if (leave) inside.push(name);
        return leave;
      }),
  };
}

describe('isolation', () => {
  it('lets ordinary runs in at once, as many as come', () => {
    const made = isolation();
    expect(typeof made.enter()).toBe('function');
    expect(typeof made.enter()).toBe('function');
    expect(made.pauses).toEqual([]);
  });

  it('keeps a suspect out until everything else has left, and takes no jobs meanwhile', async () => {
    const made = isolation();
    const { inside, come } = visitors();
    const [first, second] = [made.enter() as Leave, made.enter() as Leave];
    const suspect = come('suspect', made.enterAlone(never));
    first();
    await Promise.resolve();
    expect(inside).toEqual([]);
    expect(made.pauses).toEqual([true]);
    second();
    await suspect;
    expect(inside).toEqual(['suspect']);
  });

  it('keeps everything else out while a suspect is in or about to be', async () => {
    const made = isolation();
    const { inside, come } = visitors();
    const ordinary = made.enter() as Leave;
    const suspect = come('suspect', made.enterAlone(never));
    const late = come('late', made.enter());
    ordinary();
    const leave = await suspect;
    expect(inside).toEqual(['suspect']);
    leave!();
    await late;
    expect(inside).toEqual(['suspect', 'late']);
    expect(made.pauses).toEqual([true, false]);
  });

  it('lets suspects in one after another, with a break for everything else between them', async () => {
    const made = isolation();
    const { inside, come } = visitors();
    const first = await come('first', made.enterAlone(never));
    const second = come('second', made.enterAlone(never));
    const ordinary = come('ordinary', made.enter());
    first!();
    (await ordinary)!();
    await second;
    expect(inside).toEqual(['first', 'ordinary', 'second']);
  });

  it('sends a suspect away where too many wait', async () => {
    const made = isolation(1);
    void made.enter();
    void made.enterAlone(never);
    expect(await made.enterAlone(never)).toBeUndefined();
  });

  it('lets everything else go on when a suspect gives up waiting', async () => {
    const made = isolation();
    void made.enter();
    const controller = new AbortController();
    const suspect = made.enterAlone(controller.signal);
    const ordinary = made.enter();
    controller.abort();
    expect(await suspect).toBeUndefined();
    expect(typeof (await ordinary)).toBe('function');
    expect(made.pauses).toEqual([true, false]);
  });

  it('sends those that wait away when it closes', async () => {
    const made = isolation();
    void made.enter();
    const suspect = made.enterAlone(never);
    const ordinary = made.enter();
    made.close();
    expect(await suspect).toBeUndefined();
    expect(await ordinary).toBeUndefined();
    expect(await made.enterAlone(never)).toBeUndefined();
  });

  it('counts a run that leaves twice once', async () => {
    const made = isolation();
    const [one] = [made.enter() as Leave, made.enter() as Leave];
    one();
    one();
    const { inside, come } = visitors();
    void come('suspect', made.enterAlone(never));
    await Promise.resolve();
    expect(inside).toEqual([]);
  });
});
