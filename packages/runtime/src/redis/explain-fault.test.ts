import { describe, expect, it } from 'vitest';
import { explainRedisFault } from './explain-fault.ts';

const withCode = (message: string, code: string): Error => Object.assign(new Error(message), { code });
const wrapped = (cause: Error): Error =>
  Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError: cause });

describe('a connection to Redis that failed', () => {
  it.each<[Error, string, RegExp]>([
    [withCode('getaddrinfo ENOTFOUND redis', 'ENOTFOUND'), 'ENOTFOUND', /no address \(ENOTFOUND\): check the host in/],
    [withCode('getaddrinfo EAI_AGAIN redis', 'EAI_AGAIN'), 'EAI_AGAIN', /no address \(EAI_AGAIN\)/],
    [withCode('connect ECONNREFUSED ::1:1', 'ECONNREFUSED'), 'ECONNREFUSED', /nothing listens there .*: start Redis/],
    [
      new AggregateError([withCode('connect ECONNREFUSED ::1:1', 'ECONNREFUSED'), new Error('other')]),
      'ECONNREFUSED',
      /nothing listens/,
    ],
    [withCode('connect EHOSTUNREACH 10.0.0.1:1', 'EHOSTUNREACH'), 'EHOSTUNREACH', /no way to its host/],
    [withCode('connect ETIMEDOUT', 'ETIMEDOUT'), 'ETIMEDOUT', /not take the connection in time .* firewalls/],
    [new Error("Socket timeout. Expecting data, but didn't receive any in 2000ms."), 'timeout', /without an answer/],
    [withCode('read ECONNRESET', 'ECONNRESET'), 'ECONNRESET', /closes the connection .* TLS/],
    [
      withCode('Client network socket disconnected before secure TLS connection was established', 'ECONNRESET'),
      'ECONNRESET',
      /closes the connection/,
    ],
    [new Error('WRONGPASS invalid username-password pair'), 'WRONGPASS', /correct user and password in REDIS_URL/],
    [new Error('NOAUTH Authentication required.'), 'NOAUTH', /put its password into REDIS_URL/],
    [new Error('certificate has expired'), 'TLS', /the certificate of Redis is not accepted/],
    [withCode('write EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER'), 'TLS', /does not speak TLS/],
    [
      Object.assign(new Error('ERR DB index is out of range'), { command: { name: 'select', args: ['99'] } }),
      'SELECT',
      /refuses the database in REDIS_URL/,
    ],
    [wrapped(withCode('connect ECONNREFUSED 10.0.0.1:1', 'ECONNREFUSED')), 'ECONNREFUSED', /nothing listens there/],
    [
      Object.assign(new Error('All sentinels are unreachable. Retrying from scratch after 100ms.'), {
        lastNodeError: new Error('connected to sentinel a:1 successfully, but got an invalid reply: null'),
      }),
      'unknown master',
      /correct REDIS_SENTINEL_NAME/,
    ],
    [wrapped(new Error('ERR No such master with that name')), 'unknown master', /correct REDIS_SENTINEL_NAME/],
    [new Error('Unknown RESP type 72 "H". Please report this.'), 'not Redis', /not Redis: check the host and port in/],
    [
      new Error("ERR unknown command 'sentinel', with args beginning with: 'get-master-addr-by-name' 'x'"),
      'not a Sentinel',
      /correct REDIS_SENTINELS/,
    ],
    [wrapped(new Error('ERR This instance has cluster support disabled')), 'not a Cluster', /without REDIS_CLUSTER/],
    [new Error('MISCONF Redis is\nconfigured to save'), 'MISCONF', /^MISCONF Redis is configured to save$/],
    [withCode('something new', 'ENEW'), 'ENEW', /^something new$/],
  ])('with %s has a cause and a remedy', (error, cause, words) => {
    const fault = explainRedisFault(error, 'REDIS_CLUSTER');
    expect(fault).toEqual({ cause, explanation: expect.stringMatching(words) });
  });

  it('names the variable that says where Redis is', () => {
    const error = withCode('connect ECONNREFUSED ::1:1', 'ECONNREFUSED');
    expect(explainRedisFault(error, 'REDIS_SENTINELS')?.explanation).toContain('port in REDIS_SENTINELS');
  });

  it.each([
    new Error('Connection is closed.'),
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
    wrapped(new Error('Connection is closed.')),
    undefined,
    'text',
  ])('and only says that it did is left out: %s', (error) => {
    expect(explainRedisFault(error, 'REDIS_URL')).toBeUndefined();
  });

  it('never shows what was sent', () => {
    const error = Object.assign(new Error('ERR something'), { command: { name: 'auth', args: ['user', 's3cret'] } });
    expect(JSON.stringify(explainRedisFault(error, 'REDIS_URL'))).not.toContain('s3cret');
  });
});
