import type { PeerCertificate } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { tlsToOne, tlsToSeveral } from './tls.ts';

const certificate = (subjectaltname: string): PeerCertificate =>
  ({ subject: { CN: 'server' }, subjectaltname }) as PeerCertificate;

describe('TLS to one server', () => {
  it('asks for it by its name', () => {
    expect(tlsToOne('redis.example')).toEqual({ servername: 'redis.example' });
  });

  it.each(['127.0.0.1', '::1'])('asks for %s by no name', (address) => {
    expect(tlsToOne(address)).toEqual({});
  });
});

describe('TLS to several servers', () => {
  const check = (address: string, names: string): Error | undefined =>
    tlsToSeveral('main.redis.example').checkServerIdentity!(address, certificate(names));

  it.each([
    ["the server's own address", '10.0.0.1', 'IP Address:10.0.0.1'],
    ["the server's own name", 'redis-1.example', 'DNS:redis-1.example'],
    ['the host in REDIS_URL', '10.0.0.1', 'DNS:main.redis.example'],
    ['a pattern of it', '10.0.0.1', 'DNS:*.redis.example'],
  ])('accepts a certificate of %s', (_what, address, names) => {
    expect(check(address, names)).toBeUndefined();
  });

  it('accepts no other, and says what it expected', () => {
    expect(check('10.0.0.1', 'DNS:elsewhere.example, IP Address:10.0.0.2')?.message).toContain('10.0.0.1');
  });
});
