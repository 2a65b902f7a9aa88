import { describe, expect, it } from 'vitest';
import { redisFault } from './redis-faults.ts';

const error = (message: string, code?: string): Error => Object.assign(new Error(message), code ? { code } : {});

describe('a fault of Redis', () => {
  it.each([
    'Connection is closed.',
    'Command aborted due to connection close',
    "Stream isn't writeable and enableOfflineQueue options is false",
    "Socket timeout. Expecting data, but didn't receive any in 2000ms.",
    'Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest" option for details.',
    'connect ECONNREFUSED 127.0.0.1:6379',
  ])('is the connection, where a command fails with %j', (message) => {
    expect(redisFault(error(message))).toBe('Redis does not answer');
  });

  it('is the connection, where the code says so', () => {
    expect(redisFault(error('read failed', 'ECONNRESET'))).toBe('Redis does not answer');
  });

  it.each([
    error('certificate has expired'),
    Object.assign(error('ERR DB index is out of range'), { command: { name: 'select', args: ['99'] } }),
  ])('is the connection, where Redis refuses it: %s', (refusal) => {
    expect(redisFault(refusal)).toBe('Redis refuses the connection');
  });

  it.each([
    ["OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:12.", 'OOM'],
    ["READONLY You can't write against a read only replica. script: 1f, on @user_script:1.", 'READONLY'],
    ['LOADING Redis is loading the dataset in memory', 'LOADING'],
    ['MISCONF Errors writing to the AOF file: No space left on device', 'MISCONF'],
    // As Redis 6 says it.
    [
      "ERR Error running script (call to f_1f): @user_script:1: @user_script: 1: -OOM command not allowed when used memory > 'maxmemory'.",
      'OOM',
    ],
    [
      "ERR Error running script (call to f_1f): @user_script:1: @user_script: 1: -READONLY You can't write against a read only replica.",
      'READONLY',
    ],
    [
      "ERR The user executing the script can't run this command or subcommand script: 5a, on @user_script:582.",
      'NOPERM',
    ],
    ["NOPERM ACL failure in script: User app has no permissions to run the 'hset' command", 'NOPERM'],
  ])('is named, where Redis answers %j', (message, word) => {
    expect(redisFault(error(message))).toBe(`Redis answers ${word}`);
  });

  it.each([
    'ERR wrong number of arguments',
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'NOSCRIPT No matching script. Please use EVAL.',
    'ERR user_script:1: an event named OOM',
  ])('is none, where the command alone is wrong: %j', (message) => {
    expect(redisFault(error(message))).toBe(undefined);
  });

  it('is none, where what was thrown is no error', () => {
    expect(redisFault('OOM')).toBe(undefined);
  });
});
