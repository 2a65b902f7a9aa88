import { describe, expect, it } from 'vitest';
import { openRaw, testPrefix } from '@xero-webhooks/testing';
import type { BoardProcess } from './support/system.ts';
import { basicAuthorization, BOARD_LOGIN, startBoard } from './support/system.ts';

/** As docs/errors.md says, for each window. */
const MAX_WRONG_PER_ADDRESS = 10;
const MAX_WRONG_IN_ALL = 100;

const RIGHT = basicAuthorization();
const WRONG = basicAuthorization({ user: BOARD_LOGIN.user, password: 'a wrong one' });

/** A board that believes what this machine says of the address of others. */
const boardBehindProxy = (): Promise<BoardProcess> => startBoard(testPrefix(), { BOARD_TRUSTED_PROXIES: '127.0.0.1' });

/** Sends a login, as a proxy that stands before the board would pass it on. */
function logIn({ url }: BoardProcess, authorization: string, address?: string, path = '/connect'): Promise<Response> {
  const forwarded = address === undefined ? {} : { 'x-forwarded-for': address };
  return fetch(`${url}${path}`, { headers: { authorization, ...forwarded } });
}

async function statusesOf(answers: readonly Promise<Response>[]): Promise<number[]> {
  return (await Promise.all(answers)).map(({ status }) => status);
}

async function guess(board: BoardProcess, times: number, address?: string): Promise<number[]> {
  return statusesOf(Array.from({ length: times }, () => logIn(board, WRONG, address)));
}

const many = (status: number, count: number): number[] => Array.from({ length: count }, () => status);

async function refused({ admin }: BoardProcess, reason: string): Promise<number> {
  const metrics = await (await fetch(`${admin}/metrics`)).text();
  const line = new RegExp(`^xw_board_logins_refused_total\\{[^}]*reason="${reason}"[^}]*\\} (\\d+)$`, 'm').exec(
    metrics,
  );
  return Number(line?.[1] ?? 0);
}

describe('who guesses the password of the board', () => {
  it('gets 429 after some wrong ones, at every path and for a right one too', async () => {
    const board = await startBoard(testPrefix());
    expect((await guess(board, 300)).toSorted((one, other) => one - other)).toEqual([
      ...many(401, MAX_WRONG_PER_ADDRESS),
      ...many(429, 300 - MAX_WRONG_PER_ADDRESS),
    ]);
    for (const path of ['/', '/queues', '/queues/api/queues', '/connect', '/anything']) {
      const answer = await logIn(board, RIGHT, undefined, path);
      expect([path, answer.status]).toEqual([path, 429]);
      expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(300);
      expect(await answer.text()).toMatch(/too many wrong passwords from your address: try again in \d+ seconds/);
    }
    expect((await fetch(`${board.url}/connect`)).status).toBe(401);
    expect((await fetch(`${board.url}/healthz`)).status).toBe(200);
  });

  it('is counted, and logged without flooding the log or showing what was sent', async () => {
    const board = await startBoard(testPrefix());
    await guess(board, 300);
    expect(await refused(board, 'wrong')).toBe(MAX_WRONG_PER_ADDRESS);
    expect(await refused(board, 'limit-address')).toBe(300 - MAX_WRONG_PER_ADDRESS);
    const wrong = board.lines.filter(({ msg }) => msg === 'wrong user or password at the board');
    expect(wrong).toHaveLength(MAX_WRONG_PER_ADDRESS);
    expect(wrong[0]).toMatchObject({ level: 'warn', address: '127.0.0.1' });
    const alerts = board.lines.filter(({ alert }) => alert === 'board-logins');
    expect(alerts).toMatchObject([{ level: 'error', address: '127.0.0.1', limit: 'address', code: 'XW_BOARD_LOGINS' }]);
    expect(board.lines.length).toBeLessThan(MAX_WRONG_PER_ADDRESS + 10);
    expect(JSON.stringify(board.lines)).not.toMatch(/a wrong one|correct horse|QTpjb/);
  });

  it('gains nothing from sending all guesses in one packet', async () => {
    const board = await startBoard(testPrefix());
    const request = (authorization: string): string =>
      `GET /connect HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\n\r\n`;
    const burst = openRaw(board.url, request(WRONG).repeat(200) + request(RIGHT));
    const statuses = await burst.answers(201);
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(MAX_WRONG_PER_ADDRESS);
    await board.line(({ alert }) => alert === 'board-logins');
  });

  it('gains nothing from naming other addresses, where no proxy is trusted', async () => {
    const board = await startBoard(testPrefix());
    await guess(board, MAX_WRONG_PER_ADDRESS);
    expect(await guess(board, 3, '203.0.113.7')).toEqual(many(429, 3));
  });

  it.each([
    ['invented addresses before the one that the proxy adds', (turn: number) => `198.51.100.${turn}, 203.0.113.7`],
    ['other ports', (turn: number) => `203.0.113.7:${40_000 + turn}`],
    ['other addresses of an IPv6 network', (turn: number) => `2001:db8:0:7:${turn}::${turn}`],
    ['IPv6 addresses with ports', (turn: number) => `[2001:db8:0:7::${turn}]:${40_000 + turn}`],
    ['IPv6 forms of an IPv4 address', (turn: number) => (turn % 2 ? '203.0.113.7' : '::ffff:203.0.113.7')],
    ['texts that are no address', (turn: number) => `unknown-${turn}`],
  ])('gains nothing from %s', async (_what, address) => {
    const board = await boardBehindProxy();
    for (let turn = 1; turn <= MAX_WRONG_PER_ADDRESS; turn++) {
      expect((await logIn(board, WRONG, address(turn))).status).toBe(401);
    }
    expect((await logIn(board, WRONG, address(11))).status).toBe(429);
    expect((await logIn(board, RIGHT, address(12))).status).toBe(429);
  });

  it('shuts out nobody at another address', async () => {
    const board = await boardBehindProxy();
    await guess(board, 3 * MAX_WRONG_IN_ALL, '203.0.113.7');
    await guess(board, 3 * MAX_WRONG_IN_ALL, '2001:db8:0:7::1');
    for (const address of ['203.0.113.8', '2001:db8:0:8::1', undefined]) {
      expect((await logIn(board, RIGHT, address)).status).toBe(200);
    }
  });

  it('gets 429 at new addresses too after many wrong ones; who has logged in before goes on', async () => {
    const board = await boardBehindProxy();
    expect((await logIn(board, RIGHT, '192.0.2.1')).status).toBe(200);
    const guesses = Array.from({ length: MAX_WRONG_IN_ALL }, (_, turn) => logIn(board, WRONG, `203.0.113.${turn}`));
    expect(await statusesOf(guesses)).toEqual(many(401, MAX_WRONG_IN_ALL));
    expect((await logIn(board, WRONG, '198.51.100.1')).status).toBe(429);
    const answer = await logIn(board, RIGHT, '198.51.100.2');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect((await logIn(board, RIGHT, '192.0.2.1')).status).toBe(200);
    expect(await guess(board, MAX_WRONG_PER_ADDRESS + 1, '192.0.2.1')).toContain(429);
    expect(await refused(board, 'limit-all')).toBe(2);
    expect(board.lines.filter(({ limit }) => limit === 'all')).toMatchObject([{ alert: 'board-logins' }]);
  });
});

describe('who knows the password of the board', () => {
  it('may load pages as often as they like', async () => {
    const board = await startBoard(testPrefix());
    const loads = Array.from({ length: 3 * MAX_WRONG_IN_ALL }, () => logIn(board, RIGHT));
    expect(await statusesOf(loads)).toEqual(many(200, loads.length));
  });

  it('may mistype it, and open the board without it, which no limit counts', async () => {
    const board = await startBoard(testPrefix());
    expect(await guess(board, MAX_WRONG_PER_ADDRESS - 1)).toEqual(many(401, MAX_WRONG_PER_ADDRESS - 1));
    const without = Array.from({ length: 2 * MAX_WRONG_PER_ADDRESS }, () => fetch(`${board.url}/queues`));
    expect(await statusesOf(without)).toEqual(many(401, without.length));
    expect((await logIn(board, RIGHT)).status).toBe(200);
  });
});
