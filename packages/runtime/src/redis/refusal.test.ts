import { describe, expect, it } from 'vitest';
import { refusalOf } from './refusal.ts';

const wrong = 'WRONGPASS invalid username-password pair or user is disabled.';
const untrusted = 'self-signed certificate in certificate chain';

describe('a Redis refuses the connection', () => {
  it.each([
    wrong,
    'NOAUTH HELLO must be called with the client already authenticated',
    "NOPERM this user has no permissions to run the 'info' command",
    'ERR invalid password',
    'ERR Client sent AUTH, but no password is set',
  ])('where it answers %s', (message) => {
    expect(refusalOf(new Error(message))).toBe(`Redis refuses the connection: ${message}`);
  });

  it('where the last node of a Cluster does', () => {
    const error = Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError: new Error(wrong) });
    expect(refusalOf(error)).toBe(`Redis refuses the connection: ${wrong}`);
  });

  it('where the last Sentinel does', () => {
    const message = `All sentinels are unreachable. Retrying from scratch after 100ms. Last error: ${wrong}`;
    expect(refusalOf(new Error(message))).toBe(`Redis refuses the connection: ${wrong}`);
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

describe('a Redis does not refuse the connection', () => {
  it.each([
    new Error('connect ECONNREFUSED 127.0.0.1:6379'),
    new Error('Connection is closed.'),
    new Error('LOADING Redis is loading the dataset in memory'),
    new Error('All sentinels are unreachable. Last error: connect ECONNREFUSED 127.0.0.1:26379'),
    Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError: new Error('Connection is closed.') }),
    Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError: null }),
    wrong,
    undefined,
  ])('where it is not there: %s', (error) => {
    expect(refusalOf(error)).toBeUndefined();
  });
});
