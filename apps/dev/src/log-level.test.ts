import { describe, expect, it } from 'vitest';
import { isShown, levelForProcesses } from './log-level.ts';

const line = (level: string): string => JSON.stringify({ level, msg: 'hello' });

describe('the level of the processes', () => {
  it.each([
    ['debug', 'debug'],
    ['info', 'info'],
    ['warn', 'info'],
    ['silent', 'info'],
    ['loud', 'loud'],
  ])('is, where %s is asked for, %s', (asked, level) => {
    expect(levelForProcesses(asked)).toBe(level);
  });
});

describe('a line of a process', () => {
  it.each([
    ['debug', 'debug', true],
    ['info', 'warn', false],
    ['warn', 'warn', true],
    ['fatal', 'silent', false],
    ['debug', 'loud', true],
  ])('of the level %s, where %s is asked for, is shown: %s', (level, asked, shown) => {
    expect(isShown(line(level), asked)).toBe(shown);
  });

  it.each(['worker: REDIS_URL is not set [XW_CONFIG]', '    at file.ts:1:2', '{ "level": "no log"'])(
    'is always shown where it is none of a log: %s',
    (text) => {
      expect(isShown(text, 'silent')).toBe(true);
    },
  );
});
