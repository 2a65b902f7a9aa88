import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRedisUrl } from './redis-url.ts';

const DEFAULTS = {
  tls: false,
  host: 'redis.example',
  port: 6379,
  shown: 'redis.example',
  username: undefined,
  password: undefined,
  database: 0,
};

describe('an address of Redis', () => {
  it.each([
    ['redis://redis.example', {}],
    ['redis://redis.example/', {}],
    ['redis://redis.example/0', {}],
    ['redis://redis.example/15', { database: 15 }],
    ['REDISS://redis.example:6380/2', { tls: true, port: 6380, shown: 'redis.example:6380', database: 2 }],
    ['redis://my_redis-1:1', { host: 'my_redis-1', port: 1, shown: 'my_redis-1:1' }],
    ['redis://[::1]:65535', { host: '::1', port: 65_535, shown: '[::1]:65535' }],
    ['redis://user@redis.example', { username: 'user' }],
    ['redis://:word@redis.example', { password: 'word' }],
    ['redis://user:a:b@redis.example', { username: 'user', password: 'a:b' }],
    ['redis://user:p@ss@redis.example', { username: 'user', password: 'p@ss' }],
    ['redis://us%40er:p%2Fss%25@redis.example', { username: 'us@er', password: 'p/ss%' }],
    ['redis://:two words@redis.example', { password: 'two words' }],
  ])('%s is taken apart', (text, parts) => {
    expect(parseRedisUrl(text)).toEqual({ ...DEFAULTS, ...parts });
  });

  it.each(['/events', '/-1', '/1.5', '/ 2', '/1/2', '/2/', '//2', '/%32', '/0x1', '/+1', '/01', '/9999999999', '/２'])(
    'is refused with the database %s',
    (path) => {
      expect(parseRedisUrl(`redis://redis.example${path}`)).toEqual({
        complaint: expect.stringMatching(/^names a database that is not a whole number: /),
      });
    },
  );

  it.each([
    ['?db=2', ' (db)'],
    ['/0?db=2&family=s3cret&db=3', ' (db, family)'],
    ['?s3cret', ''],
    ['?', ''],
    ['?=s3cret', ''],
  ])('is refused with the options %s, by their names', (query, names) => {
    expect(parseRedisUrl(`redis://redis.example${query}`)).toEqual({
      complaint: `has unsupported options after the "?"${names}: remove them; the database is the number after the slash, and rediss:// means TLS`,
    });
  });

  it.each([
    'redis://:123/s3cret@host',
    'redis://user:123/s3cret@host',
    'redis://user:6379/0@s3cret',
    'redis://:s3cret#1@host',
    'redis://:s3cret?a=1@host:6379',
    'redis://user:a@s3cret/b@host',
    'redis://host/0?name=a@b',
  ])('is refused where its password is not percent-encoded and ends nobody knows where: %s', (text) => {
    expect(parseRedisUrl(text)).toEqual({ complaint: expect.stringMatching(/^has an "@" after .* percent-encode /) });
  });

  it.each([
    'redis.example',
    'redis:redis.example',
    'http://redis.example',
    'redis://',
    'redis:///0',
    'redis://:6379',
    'redis://user:s3cret@',
    'redis://user:s3cret',
    'redis://redis.example:',
    'redis://redis.example:0',
    'redis://redis.example:65536',
    'redis://redis.example:s3cret',
    'redis://two words',
    'redis://redis.example\n/1',
    'redis://redis.example\t:1',
    'redis://::1',
    'redis://a,b',
    'redis://redis.example#0',
    'redis://:%zz@redis.example',
  ])('%j is refused', (text) => {
    expect(parseRedisUrl(text)).toHaveProperty('complaint');
  });

  const secret = fc.stringMatching(/^S3CRET[ -~]{0,20}$/);

  it('brings back every user and password that is percent-encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ minLength: 1 }), (username, password) => {
        const address = `redis://${encodeURIComponent(username)}:${encodeURIComponent(password)}@host:1/2`;
        expect(parseRedisUrl(address)).toMatchObject({ username, password, host: 'host', port: 1, database: 2 });
      }),
    );
  });

  it('never takes a part of a password for something else, and shows none', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{0,8}$/), secret, fc.constantFrom('', ':1', '/2'), (user, word, end) => {
        const parsed = parseRedisUrl(`redis://${user}:${word}@host${end}`);
        if ('complaint' in parsed) expect(parsed.complaint).not.toContain('S3CRET');
        else expect(parsed).toMatchObject({ host: 'host', shown: end === ':1' ? 'host:1' : 'host' });
      }),
    );
  });
});
