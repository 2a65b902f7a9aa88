import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CodedError } from '../coded-error.ts';
import { flag, hostsAndPorts, integer, list, matching, oneOf, port, text, url } from './formats.ts';
import type { Environment } from './load.ts';
import { loadConfig } from './load.ts';
import { adminPort, processVariables, redisVariables } from './shared.ts';
import type { Variables } from './variable.ts';
import { optional, required, withDefault } from './variable.ts';

const about = 'Something.';

/** The lines with which a configuration is refused. */
function complaintsOf(variables: Variables, environment: Environment): string[] {
  try {
    loadConfig(variables, environment);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    expect(error.code).toBe('XW_CONFIG');
    return error.message.split('\n');
  }
  return [];
}

function fileWith(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'xw-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secret');
  writeFileSync(path, content);
  return path;
}

describe('a configuration', () => {
  it('has a value for each variable, in its format', () => {
    const variables = {
      ATTEMPTS: required(integer(1, 100), { about }),
      PORT: required(port, { about }),
      LEVEL: required(oneOf('info', 'warn'), { about }),
      READ_ONLY: required(flag, { about }),
      NAME: required(text, { about }),
      PREFIX: required(matching(/^[a-z]+$/, 'lower-case letters'), { about }),
      KEYS: required(list(text), { about, secret: true }),
      REDIS: required(url('redis'), { about, secret: true }),
      NODES: required(hostsAndPorts, { about }),
    };
    const environment = {
      ATTEMPTS: '7',
      PORT: '0',
      LEVEL: 'warn',
      READ_ONLY: 'true',
      NAME: ' with space around it\n',
      PREFIX: 'xw',
      KEYS: 'old, new',
      REDIS: 'redis://user:password@localhost/',
      NODES: 'a:1,b:2',
      SOMETHING_ELSE: 'that nobody reads',
    };
    expect(loadConfig(variables, environment)).toEqual({
      ATTEMPTS: 7,
      PORT: 0,
      LEVEL: 'warn',
      READ_ONLY: true,
      NAME: 'with space around it',
      PREFIX: 'xw',
      KEYS: ['old', 'new'],
      REDIS: 'redis://user:password@localhost',
      NODES: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
    });
  });

  it.each([undefined, '', '   '])('takes a variable that is %j for unset', (given) => {
    const variables = {
      ATTEMPTS: withDefault(integer(1), '5', { about }),
      NAME: optional(text, { about }),
      KEY: optional(text, { about, secret: true }),
      REQUIRED: required(text, { about }),
      SECRET: required(text, { about, secret: true }),
    };
    const environment = {
      ATTEMPTS: given,
      NAME: given,
      KEY: given,
      KEY_FILE: given?.trim(),
      REQUIRED: given,
      SECRET: given,
    };
    expect(complaintsOf(variables, environment)).toEqual([
      'REQUIRED is not set: set it to text',
      'SECRET is not set: set it to text',
    ]);
    expect(loadConfig(variables, { ...environment, REQUIRED: 'a', SECRET: 'b' })).toEqual({
      ATTEMPTS: 5,
      NAME: undefined,
      KEY: undefined,
      REQUIRED: 'a',
      SECRET: 'b',
    });
  });

  it('has the defaults that all processes share', () => {
    const variables = { ...redisVariables, ...processVariables, ADMIN_PORT: adminPort('worker', 9465) };
    expect(loadConfig(variables, {})).toEqual({
      REDIS_URL: undefined,
      REDIS_SENTINELS: undefined,
      REDIS_SENTINEL_NAME: undefined,
      REDIS_CLUSTER: undefined,
      REDIS_PREFIX: 'xw',
      QUEUE_SHARDS: 1,
      LOG_LEVEL: 'info',
      ADMIN_HOST: '127.0.0.1',
      SHUTDOWN_DEADLINE_MS: 25_000,
      ADMIN_PORT: 9465,
    });
  });

  it('refuses with one line for each variable', () => {
    const variables = {
      ATTEMPTS: withDefault(integer(1, 100), '5', { about }),
      READ_ONLY: withDefault(flag, 'false', { about }),
      NAME: required(text, { about }),
      KEY: required(matching(/^[a-z]+$/, 'lower-case letters'), { about, secret: true }),
      FINE: required(text, { about }),
    };
    expect(complaintsOf(variables, { ATTEMPTS: '101', READ_ONLY: 'a\nb', KEY: 'SECRET\nSECRET', FINE: 'x' })).toEqual([
      'ATTEMPTS must be a whole number from 1 to 100 (got "101")',
      'READ_ONLY must be true or false (got "a b")',
      'NAME is not set: set it to text',
      'KEY has an invisible character or a line break inside: it must be lower-case letters',
    ]);
  });

  it('refuses a default that is malformed itself', () => {
    expect(complaintsOf({ ATTEMPTS: withDefault(integer(1), 'many', { about }) }, {})).toEqual([
      'ATTEMPTS must be a whole number, at least 1 (got "many")',
    ]);
  });

  it('shows the beginning of a long value', () => {
    expect(complaintsOf({ READ_ONLY: withDefault(flag, 'false', { about }) }, { READ_ONLY: 'x'.repeat(500) })).toEqual([
      `READ_ONLY must be true or false (got "${'x'.repeat(60)}…")`,
    ]);
  });

  it.each(['redis://localhost:s3cret', 'user:s3cret@localhost', 's3cret@host:1'])(
    'does not show %s, which may hold a secret, though the variable is none',
    (given) => {
      expect(complaintsOf({ NODES: optional(flag, { about }) }, { NODES: given })).toEqual([
        'NODES is malformed: it must be true or false',
      ]);
    },
  );

  it('never shows a secret', () => {
    const variables = {
      KEY: required(integer(1, 5), { about, secret: true }),
      OTHER: required(url('redis'), { about, secret: true }),
    };
    const secrets = fc.stringMatching(/^S3CRET[!-~]{1,40}$/);
    fc.assert(
      fc.property(secrets, (secret) => {
        const complaints = complaintsOf(variables, { KEY: secret, OTHER: secret });
        expect(complaints).toHaveLength(2);
        expect(complaints.join('\n')).not.toContain('S3CRET');
      }),
    );
  });
});

describe('a secret', () => {
  const variables = { KEY: required(matching(/^[a-z ]+$/, 'lower-case letters'), { about, secret: true }) };

  it('is read from a file, without the line break at its end', () => {
    expect(loadConfig(variables, { KEY_FILE: fileWith('in a file\n') })).toEqual({ KEY: 'in a file' });
  });

  it.each(['', '  '])('is read from a file where the variable itself is %j', (KEY) => {
    expect(loadConfig(variables, { KEY, KEY_FILE: fileWith('in a file') })).toEqual({ KEY: 'in a file' });
  });

  it('is refused where its file is empty, as if it were not set', () => {
    expect(complaintsOf(variables, { KEY_FILE: fileWith('\n') })).toEqual([
      'KEY is not set: set it to lower-case letters',
    ]);
  });

  it('is refused where its file holds something malformed, without showing it', () => {
    expect(complaintsOf(variables, { KEY_FILE: fileWith('S3CRET') })).toEqual([
      'KEY is malformed: it must be lower-case letters',
    ]);
  });

  it('is refused where both the variable and its file are set', () => {
    expect(complaintsOf(variables, { KEY: 'a', KEY_FILE: fileWith('a') })).toEqual([
      'KEY is set, and so is KEY_FILE: set one of the two',
    ]);
  });

  it.each([
    ['that is not there', '/nowhere/secret', 'ENOENT'],
    ['that is a folder', tmpdir(), 'EISDIR'],
    ['whose path is the secret itself', 's3cret', 'ENOENT'],
    ['whose path no file can have', 's3cret\0', 'ERR_INVALID_ARG_VALUE'],
  ])('is refused with a file %s, and its path is not shown', (_what, KEY_FILE, cause) => {
    expect(complaintsOf(variables, { KEY_FILE })).toEqual([
      `KEY cannot be read from the file that KEY_FILE names (${cause})`,
    ]);
  });

  it('is what can come from a file, and nothing else', () => {
    const plain = { NAME: required(text, { about }) };
    expect(complaintsOf(plain, { NAME_FILE: fileWith('in a file') })).toEqual(['NAME is not set: set it to text']);
  });
});
