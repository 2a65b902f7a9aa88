import { describe, expect, it } from 'vitest';
import { openRaw, testPrefix, until } from '@xero-webhooks/testing';
import type { RawConnection } from '@xero-webhooks/testing';
import { basicAuthorization, startBoard } from './support/system.ts';

const HEAD = `host: x\r\nauthorization: ${basicAuthorization()}\r\n`;
const PAGE = `GET /connect HTTP/1.1\r\n${HEAD}\r\n`;

/** Sends a form without its body, and waits until the board has begun with it. */
async function beginForm(url: string): Promise<RawConnection> {
  const form = openRaw(
    url,
    `POST /connect/disconnect HTTP/1.1\r\n${HEAD}expect: 100-continue\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 3\r\n\r\n`,
  );
  await until(() => form.statuses().includes(100), 'the board to begin with the form');
  return form;
}

const startReadyBoard = (environment: Record<string, string> = {}) =>
  startBoard(testPrefix(), {
    XERO_CLIENT_ID: 'demo-app',
    TOKEN_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    ...environment,
  });

describe('a board that is to stop', () => {
  it('closes idle connections, answers first what is on its way, and ends', async () => {
    const board = await startReadyBoard();
    const form = await beginForm(board.url);
    const unused = openRaw(board.url);
    const idle = openRaw(board.url, PAGE);
    await until(() => idle.statuses().length === 1, 'an answer');
    board.child.kill('SIGTERM');
    await Promise.all([unused.closed(), idle.closed()]);
    form.socket.write('a=b');
    expect(await form.closed()).toEqual([100, 403]);
    expect(form.received()).toMatch(/^connection: close\r$/im);
    expect(await board.ended).toEqual({ code: 0, signal: null });
  });

  it('ends although its connections are busy', async () => {
    const board = await startReadyBoard();
    const busy = Array.from({ length: 10 }, () => openRaw(board.url, PAGE));
    for (const { socket } of busy) socket.on('data', () => socket.write(PAGE));
    await until(() => busy.every((connection) => connection.statuses().length > 2), 'connections to be busy');
    board.child.kill('SIGTERM');
    expect(await board.ended).toEqual({ code: 0, signal: null });
    for (const connection of busy) {
      const statuses = await connection.closed();
      expect(new Set(statuses)).toEqual(new Set([200]));
    }
  });

  it('does not wait for what is never sent', async () => {
    const board = await startReadyBoard({ SHUTDOWN_DEADLINE_MS: '2000' });
    const stalled = await beginForm(board.url);
    board.child.kill('SIGTERM');
    expect(await stalled.closed()).toEqual([100]);
    expect(await board.ended).toEqual({ code: 0, signal: null });
  });
});

describe('a connection to the board', () => {
  it('is closed where a request does not arrive', async () => {
    const board = await startReadyBoard();
    const [silent, halfHead, halfBody] = [
      openRaw(board.url),
      openRaw(board.url, PAGE.slice(0, -10)),
      await beginForm(board.url),
    ];
    // One header after the other keeps the connection awake, and does not help.
    const dripping = openRaw(board.url, 'GET /connect HTTP/1.1\r\n');
    const drip = setInterval(() => dripping.socket.write('a: b\r\n'), 100);
    await Promise.all([silent, halfHead, halfBody, dripping].map((connection) => connection.closed()));
    clearInterval(drip);
    expect([halfHead, halfBody].map(({ statuses }) => statuses().at(-1))).toEqual([408, 408]);
  });
});
