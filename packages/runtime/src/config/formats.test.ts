import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { flag, hostsAndPorts, integer, list, matching, network, oneOf, pagesUrl, port, text, url } from './formats.ts';
import type { Format } from './variable.ts';

const REFUSED = Symbol('refused');

function read(format: Format<unknown>, given: string): unknown {
  const parsed = v.safeParse(format.schema, given);
  return parsed.success ? parsed.output : REFUSED;
}

const redis = url('redis', 'rediss');
const http = url('http', 'https');
const pages = pagesUrl(['/own', '/pages']);
const word = matching(/^[a-z]+$/, 'lower-case letters');
const ofWords = list(word);

describe('a format', () => {
  it.each<[string, Format<unknown>, string, unknown]>([
    ['a whole number', integer(0), '0', 0],
    ['a whole number', integer(1, 10), '1', 1],
    ['a whole number', integer(1, 10), '10', 10],
    ['a whole number', integer(1, 10), '007', 7],
    ['a whole number', integer(0), String(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER],
    ['a port', port, '0', 0],
    ['a port', port, '65535', 65_535],
    ['a word', oneOf('info', 'warn'), 'warn', 'warn'],
    ['a flag', flag, 'true', true],
    ['a flag', flag, 'false', false],
    ['a text', text, 'any text at all', 'any text at all'],
    ['a pattern', word, 'abc', 'abc'],
    ['a list', ofWords, 'a', ['a']],
    ['a list', ofWords, ' a , b,c ', ['a', 'b', 'c']],
    ['an address', redis, 'redis://127.0.0.1:6379', 'redis://127.0.0.1:6379'],
    ['an address', redis, 'rediss://user:p%40ss@redis.example:6380/2', 'rediss://user:p%40ss@redis.example:6380/2'],
    ['an address', redis, 'redis://[::1]:6379/', 'redis://[::1]:6379'],
    ['an address', http, 'https://api.xero.com//', 'https://api.xero.com'],
    ['an address', http, 'http://localhost/a/b', 'http://localhost/a/b'],
    ['pages', pages, 'https://host', 'https://host'],
    ['pages', pages, 'https://host/', 'https://host'],
    ['pages', pages, 'http://host:8080/ops/xero/', 'http://host:8080/ops/xero'],
    ['pages', pages, 'https://host/owner/own/pages', 'https://host/owner/own/pages'],
    ['pages', pages, 'https://host/a%20b/~me', 'https://host/a%20b/~me'],
    ['a network', network, '10.0.0.0/8', '10.0.0.0/8'],
    ['a network', network, '127.0.0.1', '127.0.0.1'],
    ['a network', network, '0.0.0.0/0', '0.0.0.0/0'],
    ['a network', network, '::1', '::1'],
    ['a network', network, '2001:db8::/128', '2001:db8::/128'],
    ['hosts and ports', hostsAndPorts, 'a:1', [{ host: 'a', port: 1 }]],
    [
      'hosts and ports',
      hostsAndPorts,
      'redis-1.example:26379, 10.0.0.1:26380,[::1]:65535',
      [
        { host: 'redis-1.example', port: 26_379 },
        { host: '10.0.0.1', port: 26_380 },
        { host: '::1', port: 65_535 },
      ],
    ],
  ])('of %s reads %s%j', (_what, format, given, value) => {
    expect(read(format, given)).toEqual(value);
  });

  it.each<[string, Format<unknown>, string]>([
    ['a whole number', integer(0), ''],
    ['a whole number', integer(0), '-1'],
    ['a whole number', integer(0), '+1'],
    ['a whole number', integer(0), '1.0'],
    ['a whole number', integer(0), '1e3'],
    ['a whole number', integer(0), '0x10'],
    ['a whole number', integer(0), '1 000'],
    ['a whole number', integer(0), '９'],
    ['a whole number', integer(0), String(Number.MAX_SAFE_INTEGER + 1)],
    ['a whole number', integer(1, 10), '0'],
    ['a whole number', integer(1, 10), '11'],
    ['a port', port, '65536'],
    ['a word', oneOf('info', 'warn'), 'INFO'],
    ['a word', oneOf('info', 'warn'), 'constructor'],
    ['a flag', flag, 'TRUE'],
    ['a flag', flag, '1'],
    ['a flag', flag, 'yes'],
    ['a text', text, ''],
    ['a pattern', word, 'ABC'],
    ['a list', ofWords, ''],
    ['a list', ofWords, 'a,,b'],
    ['a list', ofWords, 'a,'],
    ['a list', ofWords, 'a,B'],
    ['an address', redis, 'localhost'],
    ['an address', redis, 'redis'],
    ['an address', redis, 'redis:6379'],
    ['an address', redis, 'redis:/localhost'],
    ['an address', redis, 'redis://'],
    ['an address', redis, 'redis:///0'],
    ['an address', redis, 'redis://localhost:port'],
    ['an address', redis, 'redis://user:pass#word@localhost'],
    ['an address', redis, 'http://localhost'],
    ['an address', http, 'http:localhost'],
    ['an address', http, 'https://'],
    ['an address', http, 'ftp://localhost'],
    ['pages', pages, 'host'],
    ['pages', pages, 'ftp://host'],
    ['pages', pages, 'https://user@host'],
    ['pages', pages, 'https://user:password@host'],
    ['pages', pages, 'https://host/a?b'],
    ['pages', pages, 'https://host/a?'],
    ['pages', pages, 'https://host/a#b'],
    ['pages', pages, 'https://host//a'],
    ['pages', pages, 'https://host/a//b'],
    ['pages', pages, 'https://host/a\\b'],
    ['pages', pages, 'https://host/a;b'],
    ['pages', pages, 'https://host/a%3Bb'],
    ['pages', pages, 'https://host/%zz'],
    ['pages', pages, 'https://host/own'],
    ['pages', pages, 'https://host/own/'],
    ['pages', pages, 'https://host/own/a'],
    ['pages', pages, 'https://host/a/../%6Fwn'],
    ['pages', pages, 'https://host/pages'],
    ['a network', network, ''],
    ['a network', network, 'localhost'],
    ['a network', network, '10.0.0.0/33'],
    ['a network', network, '10.0.0.0/'],
    ['a network', network, '10.0.0.0/8/8'],
    ['a network', network, '10.0.0.0/-1'],
    ['a network', network, '::1/129'],
    ['a network', network, 'fe80::1%eth0'],
    ['hosts and ports', hostsAndPorts, ''],
    ['hosts and ports', hostsAndPorts, 'a'],
    ['hosts and ports', hostsAndPorts, 'a:'],
    ['hosts and ports', hostsAndPorts, ':1'],
    ['hosts and ports', hostsAndPorts, 'a:1,'],
    ['hosts and ports', hostsAndPorts, 'a:65536'],
    ['hosts and ports', hostsAndPorts, '::1:6379'],
    ['hosts and ports', hostsAndPorts, 'redis://a:1'],
    ['hosts and ports', hostsAndPorts, 'user:password@a:1'],
  ])('of %s refuses %s%j', (_what, format, given) => {
    expect(read(format, given)).toBe(REFUSED);
  });

  it.each([
    [integer(1), 'a whole number, at least 1'],
    [integer(1, 10), 'a whole number from 1 to 10'],
    [port, 'a whole number from 0 to 65535'],
    [oneOf('info', 'warn'), 'one of info, warn'],
    [flag, 'true or false'],
    [text, 'text'],
    [ofWords, 'lower-case letters, or several separated by commas'],
    [redis, 'an address that begins with redis:// or rediss://'],
    [hostsAndPorts, 'host:port, or several separated by commas'],
  ] as const)('says what it expects: %#', ({ expected }, words) => {
    expect(expected).toBe(words);
  });
});
