import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';

describe('a free port', () => {
  it('can be listened on', async () => {
    const server = createServer();
    onTestFinished(() => void server.close());
    server.listen(await freePort(), '127.0.0.1');
    await once(server, 'listening');
  });

  it('is none that the system gives to a connection or a server of its own accord', async () => {
    const ports = await Promise.all(Array.from({ length: 200 }, freePort));
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(12_000);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  it('is never given twice', async () => {
    const ports = await Promise.all(Array.from({ length: 500 }, freePort));
    expect(new Set(ports).size).toBe(500);
  });
});
