import { describe, expect, it } from 'vitest';
import { assessRedis } from './assess.ts';

/** What a server says of itself, with some lines different. `undefined` leaves a line out. */
function info(different: Readonly<Record<string, string | undefined>> = {}): string {
  const lines = {
    redis_version: '7.0.15',
    redis_mode: 'standalone',
    used_memory: '1048576',
    used_memory_human: '1.00M',
    maxmemory: '0',
    maxmemory_policy: 'noeviction',
    aof_enabled: '1',
    ...different,
  };
  const text = Object.entries(lines).flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value}`]));
  return ['# Server', ...text, '', '# Modules', ''].join('\r\n');
}

describe('a Redis server', () => {
  it('is fit, and nothing is to be said of it', () => {
    expect(assessRedis(info())).toEqual({ fit: true, warnings: [], memory: 0, replica: false });
  });

  it('is fit where its lines end without carriage returns', () => {
    expect(assessRedis(info().replaceAll('\r', ''))).toEqual({ fit: true, warnings: [], memory: 0, replica: false });
  });

  it.each(['6.2.0', '6.2.14', '6.10.0', '7.4.1', '8.0.0', '10.0.0', '255.255.255'])(
    'is new enough with %s',
    (version) => {
      expect(assessRedis(info({ redis_version: version }))).toMatchObject({ fit: true });
    },
  );

  it.each(['2.8.24', '5.0.14', '6.0.16', '6.1.240'])('is too old with %s', (version) => {
    expect(assessRedis(info({ redis_version: version }))).toEqual({
      fit: false,
      reason: `Redis ${version} is too old: expected 6.2 or newer`,
    });
  });

  it('is too old where it does not say its version', () => {
    for (const text of ['', info({ redis_version: undefined })]) {
      expect(assessRedis(text)).toEqual({
        fit: false,
        reason: 'Redis of an unknown version is too old: expected 6.2 or newer',
      });
    }
  });

  it.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-lru', 'volatile-ttl'])(
    'is unfit with the policy %s, and it is said what to do',
    (policy) => {
      expect(assessRedis(info({ maxmemory_policy: policy }))).toEqual({
        fit: false,
        reason: `Redis may evict events: maxmemory-policy is ${policy}, expected noeviction (CONFIG SET maxmemory-policy noeviction)`,
      });
    },
  );

  it('is fit where it does not say its policy', () => {
    expect(assessRedis(info({ maxmemory_policy: undefined }))).toMatchObject({ fit: true });
  });

  it('is fit without an append-only file, with a warning', () => {
    expect(assessRedis(info({ aof_enabled: '0' }))).toEqual({
      fit: true,
      warnings: [expect.stringContaining('Redis keeps no append-only file')],
      memory: 0,
      replica: false,
    });
  });

  it.each([
    ['master', false],
    ['slave', true],
    [undefined, false],
  ])('with the role %s is a replica: %s', (role, replica) => {
    expect(assessRedis(info({ role }))).toMatchObject({ fit: true, replica });
  });

  it.each([
    ['0', '1048576', 0],
    ['4194304', '1048576', 0.25],
    ['1048576', '1048576', 1],
    ['1048576', '2097152', 2],
    [undefined, '1048576', 0],
    ['1048576', undefined, 0],
  ])('with a maxmemory of %s and %s in use has used the part %d', (maxmemory, used, memory) => {
    expect(assessRedis(info({ maxmemory, used_memory: used }))).toMatchObject({ fit: true, memory });
  });
});
