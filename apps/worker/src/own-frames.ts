import { fileURLToPath } from 'node:url';

/** Where our own code is, but for the sample handlers, which stand in for the user's. */
const OURS = fileURLToPath(new URL('../../../', import.meta.url));
const SAMPLES = fileURLToPath(new URL('handlers/', import.meta.url));

const MAX_FRAMES = 8;
const MAX_CHARACTERS = 2_000;

/**
 * Cuts a stack down to the lines that its reader can do something about: those outside of Node, of packages, and of
 * xero-webhooks.
 *
 * @returns the message and at most eight frames
 */
export function ownFrames(stack: string): string {
  const lines = stack.slice(0, 50_000).split('\n');
  const firstFrame = lines.findIndex((line) => FRAME.test(line));
  if (firstFrame === -1) return stack.slice(0, MAX_CHARACTERS);
  const frames = lines.slice(firstFrame).filter(isOwn).slice(0, MAX_FRAMES);
  return [...lines.slice(0, firstFrame), ...frames].join('\n').slice(0, MAX_CHARACTERS);
}

const FRAME = /^\s+at /;

function isOwn(line: string): boolean {
  if (!FRAME.test(line) || /\bnode:|[/\\]node_modules[/\\]|<anonymous>\)?$/.test(line)) return false;
  const ours = line.includes(`${OURS}packages/`) || line.includes(`${OURS}apps/`);
  return !ours || line.includes(SAMPLES);
}
