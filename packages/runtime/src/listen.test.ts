import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addressOf, listening } from './listen.ts';

async function listenOn(host: string, port: number): Promise<AddressInfo> {
  const server = createServer();
  onTestFinished(() => void server.close());
  server.listen(port, host);
  await once(server, 'listening');
  return server.address() as AddressInfo;
}

describe('a server that starts to listen', () => {
  it('gives what its start gives', async () => {
    expect(await listening({ host: '127.0.0.1', port: 0, variable: 'PORT' }, async () => 'started')).toBe('started');
  });

  it('names the variable to change where the port is taken', async () => {
    const { port } = await listenOn('127.0.0.1', 0);
    const where = { host: '127.0.0.1', port, variable: 'INGRESS_PORT' };
    await expect(listening(where, () => listenOn('127.0.0.1', port))).rejects.toMatchObject({
      name: 'CodedError',
      code: 'XW_PORT_TAKEN',
      message: `port ${port} on 127.0.0.1 is taken: set INGRESS_PORT to another port, or 0 for any free one`,
    });
  });

  it('names the variable to check where the host is not of this machine', async () => {
    // An address that is set aside for documentation: https://www.rfc-editor.org/rfc/rfc5737
    const where = { host: '203.0.113.1', port: 0, variable: 'ADMIN_PORT' };
    await expect(listening(where, () => listenOn('203.0.113.1', 0))).rejects.toMatchObject({
      code: 'XW_LISTEN',
      message: 'cannot listen on 203.0.113.1:0 (EADDRNOTAVAIL): check ADMIN_PORT and the host beside it',
    });
  });

  it.each(['EACCES', 'ENOTFOUND', 'EAI_AGAIN'])('names the variable to check on %s', async (code) => {
    const where = { host: 'ingress', port: 80, variable: 'INGRESS_PORT' };
    const fault = Object.assign(new Error('no'), { code });
    await expect(listening(where, () => Promise.reject(fault))).rejects.toMatchObject({
      code: 'XW_LISTEN',
      message: `cannot listen on ingress:80 (${code}): check INGRESS_PORT and the host beside it`,
    });
  });

  it.each([
    ['without a code', new Error('a bug')],
    ['with a code that says nothing of the port', Object.assign(new Error('too many files'), { code: 'EMFILE' })],
  ])('passes on an error %s', async (_what, fault) => {
    const where = { host: 'ingress', port: 80, variable: 'INGRESS_PORT' };
    await expect(listening(where, () => Promise.reject(fault))).rejects.toBe(fault);
  });
});

describe('the address of a server', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:3000'],
    ['10.0.0.7', 'http://10.0.0.7:3000'],
    ['0.0.0.0', 'http://127.0.0.1:3000'],
    ['::', 'http://127.0.0.1:3000'],
    ['::1', 'http://[::1]:3000'],
  ])('that listens on %s is %s', (address, url) => {
    expect(addressOf({ address: () => ({ address, port: 3000, family: 'any' }) })).toBe(url);
  });

  it.each([null, '/tmp/socket'])('is not there where it listens on %s', (address) => {
    expect(() => addressOf({ address: () => address })).toThrow(TypeError);
  });
});
