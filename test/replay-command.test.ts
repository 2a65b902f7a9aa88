import { describe, expect, it } from 'vitest';
import { operatedSystem } from './support/operated-system.ts';

const keyOf = (line: string): string => line.split(' ')[3]!;

describe('xw replay', () => {
  it('runs a handler that was added later for the events that it has not handled, once', async () => {
    const { worker, send, reach, handled, handle, client, prefix, xw } = await operatedSystem();
    const first = await worker();
    await send(['good-1', 'good-2', 'good-3']);
    await reach('completed', 3);
    first.child.kill('SIGTERM');
    await first.ended;
    await worker({ LATE_HANDLER: 'yes' });
    await send(['good-4']);
    await reach('completed', 4);
    // Its payload is gone, as after the retention.
    const gone = (await client.keys(`${prefix}:xero-events-0:x*`)).find((key) => !key.endsWith(':logs'));
    const resource = (JSON.parse((await client.hget(gone!, 'data'))!) as { event: { resourceId: string } }).event
      .resourceId;
    const isHandled = resource === 'good-4';
    await client.zrem(`${prefix}:xero-events-0:completed`, gone!.slice(gone!.lastIndexOf(':') + 1));
    await client.del(gone!);
    const left = isHandled ? 3 : 2;

    const unknown = await xw('replay', '--handler', 'lat', '--yes');
    expect(unknown).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^xw: 1 of 1 running worker has no handler lat, only sync, wait, late: deploy it to all of them first \[XW_NO_HANDLER\]/,
      ),
    });
    const before = handled().length;
    const dry = await xw('replay', '--handler', 'late', '--since', '1h', '--dry-run');
    expect(dry).toMatchObject({ code: 0, stdout: `would replay ${left} handled events\n` });
    expect(dry.stderr).toContain('xw: 1 more were handled, but their payloads are no longer kept\n');
    if (!isHandled) expect(dry.stderr).toContain('xw: 1 are left out: late has handled them\n');
    const replayed = await xw('replay', '--handler', 'late', '--since', '1h', '--yes');
    expect(replayed).toMatchObject({ code: 0, stdout: `replayed ${left} of ${left} handled events\n` });
    await handle(before + left);
    const lines = handled().slice(before);
    expect(new Set(lines.map((line) => line.split(' ')[0]))).toEqual(new Set(['late']));
    // The idempotency keys are those that it would have had.
    const roots = new Set(
      handled()
        .slice(0, before)
        .map((line) => keyOf(line).replace(/\.\w+$/, '')),
    );
    for (const line of lines) expect(roots).toContain(keyOf(line).replace(/\.late$/, ''));

    await reach('completed', 3 + left);
    const again = await xw('replay', '--handler', 'late', '--yes', '--json');
    expect(JSON.parse(again.stdout)).toEqual({ matched: 0, acted: false });
    expect(handled()).toHaveLength(before + left);
  });

  it('runs handled events again by force, under a run id of its own', async () => {
    const { worker, send, reach, handled, handle, xw } = await operatedSystem();
    await worker();
    await send(['good-1', 'good-2']);
    await reach('completed', 2);
    const before = handled();
    const forced = await xw('replay', '--force', '--resource', 'GOOD-1', '--by', 'ann', '--json');
    const result = JSON.parse(forced.stdout) as { done: number; run: string };
    expect(result).toMatchObject({ done: 1, run: expect.stringMatching(/^r\w+$/) });
    await handle(before.length + 2);
    const keys = handled().slice(before.length).map(keyOf);
    for (const key of keys) {
      expect(key).toMatch(new RegExp(`^x\\S+\\.${result.run}\\.(sync|wait)$`));
      expect(before.map(keyOf)).not.toContain(key);
    }
    await reach('completed', 3);
    const { events } = JSON.parse((await xw('events', 'good-1', '--json')).stdout) as { events: object[] };
    expect(events).toMatchObject([{ source: expect.any(String), state: 'handled' }, { state: 'handled' }]);
    // Going on with the same run does nothing twice.
    await xw('replay', '--run', result.run, '--resource', 'good-1');
    await reach('completed', 3);
    expect(handled()).toHaveLength(before.length + 2);
  });

  it('says what is missing where neither a handler nor force is given', async () => {
    const { xw } = await operatedSystem();
    const { code, stderr } = await xw('replay', '--since', '1h');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^xw: name a handler .* --handler, or run all again with --force/);
  });
});
