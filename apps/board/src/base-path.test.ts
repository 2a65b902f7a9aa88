import { describe, expect, it } from 'vitest';
import { basePathOf, withoutBasePath } from './base-path.ts';

describe('the base path', () => {
  it.each([
    [undefined, ''],
    ['https://board.example', ''],
    ['https://board.example/', ''],
    ['https://board.example/ops/xero', '/ops/xero'],
    ['http://board.example:8080/ops//', '/ops'],
    ['https://board.example/a/../ops', '/ops'],
    ['https://board.example/ops x', '/ops%20x'],
  ])('of %s is "%s"', (boardUrl, path) => {
    expect(basePathOf(boardUrl)).toBe(path);
  });

  it.each([
    ['/ops/xero', '/'],
    ['/ops/xero/', '/'],
    ['/ops/xero?a=b', '/?a=b'],
    ['/ops/xero/connect', '/connect'],
    ['/ops/xero/connect?a=/b//c?d', '/connect?a=/b//c?d'],
    ['/ops/xero/queues/static/js/a.js', '/queues/static/js/a.js'],
    ['/%6Fps/x%65ro/connect', '/connect'],
    ['//ops//xero//connect', '/connect'],
    ['/ops/xero/ops/xero/connect', '/ops/xero/connect'],
  ])('is taken off %s', (target, rest) => {
    expect(withoutBasePath(target, '/ops/xero')).toBe(rest);
  });

  it.each([
    ['/', '/'],
    ['/connect?a=b', '/connect?a=b'],
    ['//connect', '/connect'],
    ['/ops/xerox/connect', '/ops/xerox/connect'],
    ['/ops/connect', '/ops/connect'],
    ['/OPS/xero/connect', '/OPS/xero/connect'],
    ['/connect/ops/xero', '/connect/ops/xero'],
    ['/connect?back=/ops/xero', '/connect?back=/ops/xero'],
    ['/%zz/xero', '/%zz/xero'],
    ['*', '*'],
  ])('is not in %s', (target, same) => {
    expect(withoutBasePath(target, '/ops/xero')).toBe(same);
  });

  it('may have escapes that proxies write in another way', () => {
    for (const target of ['/ops%20x/connect', '/%6fps%20x/connect']) {
      expect(withoutBasePath(target, '/ops%20x')).toBe('/connect');
    }
  });

  it('leaves every target as it is at the root of the host', () => {
    for (const target of ['/', '//connect', '/a?b', '*']) expect(withoutBasePath(target, '')).toBe(target);
  });
});
