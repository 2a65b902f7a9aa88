import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How many bytes are parsed between two looks at the clock. Most of Xero's requests are smaller; 340 of the smallest chunks
 * fit in, and take a fraction of a millisecond.
 */
const SLICE = 2_048;

/** How long the bytes of one connection may be parsed in one turn of the event loop, in milliseconds. */
const MAX_PARSE_MS = 0.3;

type Turns = {
  /** Calls back in a later turn of the event loop, after those that have waited longer. */
  wait(turn: () => void): void;
};

/**
 * Makes the connections of a server take turns, so that none can keep the others waiting, whatever it sends. Node parses
 * everything that it has read from a connection at once, up to 64 kB. A few such reads full of one-byte chunks, or of very
 * small requests, keep the process busy for seconds, although none of it is ever accepted.
 *
 * A connection whose bytes are cheap to parse is never delayed. If they take longer than `MAX_PARSE_MS`, they are parsed
 * a slice at a time, one connection in each turn of the event loop, and nothing more is read from that connection until
 * they are done.
 */
export function shareTurns(server: Server): void {
  const turns = createTurns();
  // After Node's own listener, which has begun to parse the connection.
  server.on('connection', (socket) => parseInTurns(socket, turns));
}

function createTurns(): Turns {
  const waiting = new Set<() => void>();
  let scheduled = false;

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(takeNext);
  }

  /** One in each turn of the loop, so that its requests are handled before the next connection is parsed. */
  function takeNext(): void {
    scheduled = false;
    const [turn] = waiting;
    waiting.delete(turn!);
    turn!();
    if (waiting.size > 0) schedule();
  }

  return {
    wait(turn) {
      waiting.add(turn);
      schedule();
    },
  };
}

function parseInTurns(socket: Socket, turns: Turns): void {
  const [parse] = socket.listeners('data') as [(bytes: Buffer) => void];
  const pause = socket.pause.bind(socket);
  const resume = socket.resume.bind(socket);
  /** Bytes that have been read but not parsed. */
  let rest: Buffer | undefined;
  /** Whether the parser accepts more: not while answers wait for the client to read them. */
  let flowing = true;

  function onData(bytes: Buffer): void {
    rest = rest === undefined ? bytes : Buffer.concat([rest, bytes]);
    parseSome();
  }

  function parseSome(): void {
    const began = rest !== undefined && rest.length > SLICE ? performance.now() : 0;
    while (rest !== undefined && flowing) {
      const slice = rest.length > SLICE ? rest.subarray(0, SLICE) : rest;
      rest = rest.length > SLICE ? rest.subarray(SLICE) : undefined;
      parse(slice);
      if (rest === undefined) return;
      if (!isParsed()) rest = undefined;
      else if (performance.now() - began >= MAX_PARSE_MS) break;
    }
    if (rest === undefined) return;
    pause();
    if (flowing) turns.wait(takeTurn);
  }

  function takeTurn(): void {
    if (!isParsed()) rest = undefined;
    parseSome();
    if (rest === undefined && flowing) resume();
  }

  /** Not once the socket is closed, or other code has taken over its data. */
  function isParsed(): boolean {
    return !socket.destroyed && (socket.listeners('data') as unknown[]).includes(onData);
  }

  socket.pause = () => {
    flowing = false;
    return pause();
  };
  socket.resume = () => {
    flowing = true;
    if (rest === undefined) return resume();
    turns.wait(takeTurn);
    return socket;
  };
  socket.off('data', parse);
  // Node notices this listener, and leaves reading to the socket.
  socket.on('data', onData);
}
