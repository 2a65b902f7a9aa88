import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readableLine } from './log-line.ts';

/** A line as people see it, without its colours. */
function shown(name: string, line: string | Record<string, unknown>): string {
  return stripVTControlCharacters(readableLine(name, typeof line === 'string' ? line : JSON.stringify(line)));
}

const TIME = '2026-01-02T03:04:05.678Z';

describe('a line for people', () => {
  it('has the time, the process, the message and the fields', () => {
    const line = {
      level: 'info',
      time: TIME,
      app: 'worker',
      event: 'invoice.updated',
      ms: 1.5,
      ok: true,
      msg: 'event handled',
    };
    expect(shown('worker', line)).toBe(
      '03:04:05.678 worker        event handled  event=invoice.updated ms=1.5 ok=true',
    );
  });

  it.each([
    ['warn', ' worker  warn  m  '],
    ['error', ' worker  error m  '],
    ['debug', ' worker  debug m  '],
    ['info', ' worker        m  '],
  ])('marks the level %s in words, but for info', (level, text) => {
    expect(shown('worker', { level, msg: 'm' })).toBe(text);
  });

  it.each([
    ['failed', { outcome: 'waiting', error: 'no database' }, 'run it now: npx pnpm@12 xw delayed run xKey'],
    ['is dead', { outcome: 'dead', error: 'no database' }, 'run it again: npx pnpm@12 xw failed retry xKey'],
    [
      'has lost its handler',
      { outcome: 'waiting', code: 'XW_HANDLER_MISSING' },
      'if it was renamed, once the event is a dead letter: npx pnpm@12 xw failed drop xKey',
    ],
  ])('ends with the command of use where an event %s', (_what, fields, command) => {
    expect(
      shown('worker', { msg: 'm', key: 'xKey', ...fields })
        .split('\n')
        .at(-1),
    ).toBe(`    ${command}`);
  });

  it('offers no command where an event only waits, or for a key that a shell would read', () => {
    expect(shown('worker', { msg: 'm', key: 'xKey', outcome: 'waiting' })).not.toContain('xw');
    expect(shown('worker', { msg: 'm', key: '$(id)', outcome: 'dead' })).not.toContain('xw');
  });

  it('keeps the columns of all processes below each other', () => {
    const at = ['ingress', 'worker', 'board'].map((name) => shown(name, { time: TIME, msg: 'hello' }).indexOf('hello'));
    expect(new Set(at).size).toBe(1);
  });

  it.each<[string, unknown, string]>([
    ['a text with spaces', 'no database', '"no database"'],
    ['a text with line breaks', 'a\nb', String.raw`"a\nb"`],
    ['a text that would steer the terminal', '\u001b[2Jgone', String.raw`"\u001b[2Jgone"`],
    ['an empty text', '', ''],
    ['null', null, 'null'],
    ['zero', 0, '0'],
    ['a list', ['a', 1, 'b c'], 'a,1,"b c"'],
    ['an empty list', [], ''],
    ['an object', { record: 'succeeded', audit: { failed: true } }, 'record:succeeded,audit:failed:true'],
    ['a list of objects', [{ name: 'a' }, { name: 'b' }], 'name:a,name:b'],
  ])('shows %s in a field', (_what, value, text) => {
    expect(shown('worker', { msg: 'm', field: value })).toBe(` worker        m  field=${text}`);
  });

  it('shows an error with its stack below', () => {
    const err = { type: 'Error', message: 'no database', stack: 'Error: no database\n    at here' };
    expect(shown('worker', { time: TIME, msg: 'failed', err })).toBe(
      '03:04:05.678 worker        failed  \nError: no database\n    at here',
    );
  });

  it('shows the code of an error, and where it is explained', () => {
    const err = { type: 'XeroError', stack: 'XeroError: gone', code: 'XW_XERO_NOT_FOUND', docs: 'docs/errors.md#x' };
    expect(shown('worker', { msg: 'failed', err })).toBe(
      ' worker        failed  code=XW_XERO_NOT_FOUND docs=docs/errors.md#x\nXeroError: gone',
    );
    const another = { type: 'Error', stack: 'Error: refused', code: 'ECONNREFUSED' };
    expect(shown('worker', { msg: 'failed', err: another })).toBe(' worker        failed  \nError: refused');
  });

  it.each<[string, unknown, string]>([
    ['without a stack', { type: 'Error', message: 'no database' }, 'no database'],
    ['that is a text', 'no database', 'no database'],
    ['that says nothing', { type: 'Error' }, 'type:Error'],
    ['that is null', null, 'null'],
  ])('shows an error %s', (_what, err, text) => {
    expect(shown('worker', { msg: 'failed', err })).toBe(` worker        failed  \n${text}`);
  });

  it('shows fields where there is no message', () => {
    expect(shown('worker', { time: TIME, a: 1 })).toBe('03:04:05.678 worker          a=1');
    expect(shown('worker', { time: 5, msg: { not: 'a text' } })).toBe(' worker          ');
  });

  it.each(['worker: REDIS_URL is not set [XW_CONFIG]', '    at file.ts:1:2', '{ not JSON', '[1]', '5', ''])(
    'passes on %j, which is no JSON object, with the name of its process',
    (line) => {
      expect(shown('board', line)).toBe(`board    ${line}`);
    },
  );
});
