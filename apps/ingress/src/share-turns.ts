import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How many bytes are parsed before the clock is looked at. Most requests of Xero are smaller; of the smallest chunks it
 * holds 340, which take a fraction of a millisecond.
 */
const SLICE = 2_048;

/** How long the bytes of one connection may be parsed in one turn of the event loop, in milliseconds. */
const MAX_PARSE_MS = 0.3;

type Turns = {
  /** Calls back in a later turn of the event loop, after those that have waited for longer. */
  wait(turn: () => void): void;
};

/**
 * Lets the connections of a server take turns, so that none can keep the others waiting, whatever it sends. Node parses
 * all that it has read of a connection at once, up to 64 kB. A few of such reads full of chunks of one byte, or of very
 * small requests, keep the process at work for seconds, although nothing of it is ever accepted.
 *
 * A connection whose bytes cost little is never held up. What costs more than `MAX_PARSE_MS` is parsed a slice at a time,
 * one connection in each turn of the event loop, and nothing more is read of that connection until then.
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

  /** One in each turn of the loop: what its requests lead to is done before the next one. */
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
  /** What has been read and not yet parsed. */
  let rest: Buffer | undefined;
  /** Whether the parser takes more: it does not while answers wait for the client to read them. */
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

  /** It is not once it is closed, or once somebody else has taken over what comes. */
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
  // Node notices this, and leaves the reading to the socket.
  socket.on('data', onData);
}
