import { testClient, testPrefix } from '@xero-webhooks/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SequenceSpan } from './sequences.ts';
import { createNoteSequences, forgetGaps, goesOn, readSequences } from './sequences.ts';

type Hints = Record<string, number>;

/** Notes the numbers of requests, and waits until they have been compared. */
async function book() {
  const [client, prefix] = [testClient(), testPrefix()];
  await client.ping();
  let told: (() => void) | undefined;
  const hints: Hints = { gap: 0, closed: 0, repeated: 0, restart: 0 };
  const { note, close } = createNoteSequences(client, prefix, (some) => {
    for (const [name, count] of Object.entries(some)) hints[name]! += count;
    told?.();
  });
  onTestFinished(close);
  return {
    hints,
    close,
    /** Notes them, and does not wait. */
    noteOnly: (span: SequenceSpan) => note('a webhook key', span),
    async note(...spans: SequenceSpan[]) {
      const comparing = new Promise<void>((resolve) => (told = resolve));
      for (const span of spans) note('a webhook key', span);
      await comparing;
    },
    state: async () => (await readSequences(client, prefix))[0]!,
    forget: async () => {
      const { mark, gaps } = (await readSequences(client, prefix))[0]!;
      await forgetGaps(client, prefix, mark, gaps);
    },
    keys: () => client.keys(`${prefix}*`),
  };
}

/** So many requests whose numbers go on from one to the next, with one to three events each. */
function goingOn(count: number, from = 1): SequenceSpan[] {
  let first = from;
  return Array.from({ length: count }, (_, index) => {
    const last = first + (index % 3);
    const span = { first, last };
    first = last + 1;
    return span;
  });
}

/** Numbers without an order, the same each time. */
function pseudoRandom(count: number): SequenceSpan[] {
  let seed = 7;
  return Array.from({ length: count }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return { first: seed % 900_000, last: (seed % 900_000) + (seed % 3) };
  });
}

describe("the numbers of Xero's events", () => {
  it('go on from one request to the next, and a gap is what is missing', async () => {
    const { note, state, hints } = await book();
    const spans = goingOn(120);
    const before = Date.now();
    await note(...spans.slice(0, 60), ...spans.slice(62));
    expect(hints).toEqual({ gap: 1, closed: 0, repeated: 0, restart: 0 });
    const known = await state();
    expect(goesOn(known)).toBe(true);
    expect(known).toMatchObject({ requests: 118, odd: 0 });
    expect(known.gaps).toEqual([
      { first: spans[60]!.first, last: spans[61]!.last, before: expect.any(Number), found: expect.any(Number) },
    ]);
    expect(known.gaps[0]!.found).toBeGreaterThanOrEqual(before - 1_000);
    await note(spans[61]!);
    expect((await state()).gaps).toMatchObject([spans[60]!]);
    await note(spans[60]!);
    expect((await state()).gaps).toEqual([]);
    expect(hints).toEqual({ gap: 1, closed: 2, repeated: 0, restart: 0 });
  });

  it('may come a little out of order, as through several ingresses', async () => {
    const { note, state, hints } = await book();
    const spans = goingOn(200);
    for (let at = 10; at + 1 < spans.length; at += 10) [spans[at], spans[at + 1]] = [spans[at + 1]!, spans[at]!];
    await note(...spans);
    const known = await state();
    expect([goesOn(known), known.gaps]).toEqual([true, []]);
    expect(hints).toMatchObject({ gap: 19, closed: 19, repeated: 0 });
  });

  it('begin anew, and are then believed again', async () => {
    const { note, state, hints } = await book();
    await note(...goingOn(100, 5_000));
    await note(...goingOn(30));
    expect(hints).toMatchObject({ gap: 0, repeated: 21, restart: 1 });
    expect(goesOn(await state())).toBe(false);
    await note(...goingOn(800, goingOn(30).at(-1)!.last + 1));
    const known = await state();
    expect([goesOn(known), known.gaps]).toEqual([true, []]);
  });

  it.each<[string, SequenceSpan[]]>([
    ['always the same', Array.from({ length: 300 }, () => ({ first: 1, last: 2 }))],
    ['the position in the request', Array.from({ length: 300 }, (_, index) => ({ first: 1, last: 1 + (index % 4) }))],
    ['zero, as in the check of the intent', Array.from({ length: 300 }, () => ({ first: 0, last: 0 }))],
    ['random', pseudoRandom(300)],
    ['counted for each organisation', goingOn(150).flatMap((span) => [span, span])],
    [
      'counted for each organisation, from far apart',
      goingOn(100).flatMap((span) =>
        [1_000, 50_000, 700_000].map((base) => ({ first: span.first + base, last: span.last + base })),
      ),
    ],
  ])('are not believed where they are %s', async (_what, spans) => {
    const { note, state } = await book();
    await note(...spans);
    expect(goesOn(await state())).toBe(false);
  });

  it('name no webhook key, and gaps are forgotten once somebody sees to them', async () => {
    const { note, state, forget, keys } = await book();
    await note({ first: 1, last: 1 }, { first: 5, last: 5 });
    expect((await state()).gaps).toHaveLength(1);
    await forget();
    expect((await state()).gaps).toEqual([]);
    expect((await keys()).join()).not.toContain('webhook key');
  });

  it('are compared before a process ends: what it took last would look like a gap', async () => {
    const { noteOnly, close, state } = await book();
    noteOnly({ first: 1, last: 3 });
    await close();
    expect((await state()).requests).toBe(1);
  });

  it('leave few gaps where they are random, however many come at once', async () => {
    const { note, state } = await book();
    await note(...pseudoRandom(499));
    const known = await state();
    expect(known.gaps.length).toBeLessThanOrEqual(200);
    expect(goesOn(known)).toBe(false);
  });
});
