// A program of its own: it must not share an event loop with what measures the answers.
// node attack.ts <url> <kind> <connections> <bytes per second in all>
import type { Socket } from 'node:net';
import { connect } from 'node:net';

const [address, kind, connections, bytesPerSecond] = process.argv.slice(2) as [string, string, string, string];
const { hostname, port, pathname } = new URL(address);
const WRITE = 16 * 1024;
const TICK_MS = 10;

/** What a connection sends first, and then again and again. */
const KINDS: Record<string, { first: string; again: string }> = {
  'chunks of one byte': { first: head(pathname), again: '1\r\na\r\n' },
  'chunks of one byte, to another path': { first: head('/elsewhere'), again: '1\r\na\r\n' },
  'chunks of one byte, with a method that is refused': {
    first: head(pathname).replace('POST', 'PUT'),
    again: '1\r\na\r\n',
  },
  'chunks with extensions': { first: head(pathname), again: '1;a=b;c=d\r\na\r\n' },
  'requests for another path': { first: '', again: 'GET /x HTTP/1.1\r\nhost: x\r\n\r\n' },
  'requests without a signature': {
    first: '',
    again: `POST ${pathname} HTTP/1.1\r\nhost:x\r\ncontent-length:0\r\n\r\n`,
  },
  'requests with a method that is refused': { first: '', again: `GET ${pathname} HTTP/1.1\r\nhost:x\r\n\r\n` },
  'requests with many headers': {
    first: '',
    again: `GET /x HTTP/1.1\r\nhost:x\r\n${'a:\r\n'.repeat(1_000)}\r\n`,
  },
  'bodies of one chunk': {
    first: '',
    again: `POST ${pathname} HTTP/1.1\r\nhost:x\r\ntransfer-encoding:chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`,
  },
};

function head(path: string): string {
  return `POST ${path} HTTP/1.1\r\nhost: x\r\nx-xero-signature: x\r\ntransfer-encoding: chunked\r\n\r\n`;
}

const { first, again } = KINDS[kind]!;
const block = Buffer.from(again.repeat(Math.ceil(WRITE / again.length)), 'latin1');
let sent = 0;
let opened = 0;
let answered = 0;
const ready = new Set<Socket>();

function open(): void {
  const socket = connect({ port: Number(port), host: hostname, noDelay: true });
  opened++;
  socket.on('error', () => {});
  socket.on('data', () => answered++);
  socket.on('connect', () => {
    socket.write(first);
    ready.add(socket);
  });
  socket.on('drain', () => ready.add(socket));
  socket.on('end', () => socket.destroy());
  socket.on('close', () => {
    ready.delete(socket);
    open();
  });
}

for (let count = 0; count < Number(connections); count++) open();

const began = performance.now();
let told = 0;
setInterval(() => {
  const due = ((performance.now() - began) / 1_000) * Number(bytesPerSecond);
  // What nobody takes is not made up for later.
  sent = Math.max(sent, due - Number(bytesPerSecond) / 10);
  for (const socket of ready) {
    if (sent >= due) break;
    // At the end of the line.
    ready.delete(socket);
    sent += block.length;
    told += block.length;
    if (socket.write(block)) ready.add(socket);
  }
}, TICK_MS);

setInterval(() => {
  process.stdout.write(`${JSON.stringify({ msg: 'attacking', level: 'info', bytes: told, opened, answered })}\n`);
}, 250);
