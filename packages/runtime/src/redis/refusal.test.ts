import { describe, expect, it } from 'vitest';
import { refusalOf } from './refusal.ts';

const wrong = 'WRONGPASS invalid username-password pair or user is disabled.';
const untrusted = 'self-signed certificate in certificate chain';

describe('a Redis refuses the connection', () => {
  it.each([
    [wrong, 'correct user and password in REDIS_URL'],
    [
      'NOAUTH HELLO must be called with the client already authenticated',
      'put its password into REDIS_URL (redis://user:password@host)',
    ],
    [
      "NOPERM this user has no permissions to run the 'info' command",
      'give the user in REDIS_URL this right: docs/redis.md lists what is needed',
    ],
    ['ERR invalid password', 'correct user and password in REDIS_URL'],
    ['ERR Client sent AUTH, but no password is set', 'compare user and password in REDIS_URL with what Redis asks for'],
  ])('where it answers %s', (message, remedy) => {
    expect(refusalOf(new Error(message))).toBe(`Redis refuses the connection: ${message}; ${remedy}`);
  });

  it.each([
    'ERR DB index is out of range',
    'ERR SELECT is not allowed in cluster mode',
    "NOPERM this user has no permissions to run the 'select' command",
  ])('where it answers to SELECT: %s', (message) => {
    const error = Object.assign(new Error(message), { command: { name: 'select', args: ['99'] } });
    expect(refusalOf(error)).toMatch(`Redis refuses the database in REDIS_URL: ${message}; name one that it has`);
  });

  it.each(['write EPROTO wrong version number', 'packet length too long'])('where it speaks no TLS: %s', (message) => {
    expect(refusalOf(new Error(message))).toMatch('Redis does not speak TLS at this port');
  });

  it('where the last node of a Cluster does', () => {
    const error = Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError: new Error(wrong) });
    expect(refusalOf(error)).toMatch(`Redis refuses the connection: ${wrong}; `);
  });

  it('where the last Sentinel does', () => {
    const message = `All sentinels are unreachable. Retrying from scratch after 100ms. Last error: ${wrong}`;
    expect(refusalOf(new Error(message))).toMatch(`Redis refuses the connection: ${wrong}; `);
  });

  it.each([
    untrusted,
    'unable to verify the first certificate',
    'certificate has expired',
    "Hostname/IP does not match certificate's altnames: IP: 10.0.0.1 is not in the cert's list: ",
  ])('where TLS finds: %s', (message) => {
    expect(refusalOf(new Error(message))).toMatch(
      `the certificate of Redis is not accepted: ${message} (NODE_EXTRA_CA`,
    );
  });
});

describe('what is said of a refusal', () => {
  it.each(['AUTH', 'HELLO'])('has no password that Redis repeats, where it does not know %s', (command) => {
    const error = new Error(`ERR unknown command '${command}', with args beginning with: '3' 'AUTH' 'app' 's3cret' `);
    const wrapped = new Error(`All sentinels are unreachable. Last error: ${error.message}`);
    for (const one of [error, wrapped]) expect(String(refusalOf(one))).not.toContain('s3cret');
  });
});

describe('a Redis does not refuse the connection', () => {
  it.each([
    new Error('connect ECONNREFUSED 127.0.0.1:6379'),
    new Error('Connection is closed.'),
    new Error('LOADING Redis is loading the dataset in memory'),
    new Error('All sentinels are unreachable. Last error: connect ECONNREFUSED 127.0.0.1:26379'),
    Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError: new Error('Connection is closed.') }),
    Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError: null }),
    Object.assign(new Error('BUSY Redis is busy running a script.'), { command: { name: 'select', args: ['2'] } }),
    wrong,
    undefined,
  ])('where it is not there: %s', (error) => {
    expect(refusalOf(error)).toBeUndefined();
  });
});
