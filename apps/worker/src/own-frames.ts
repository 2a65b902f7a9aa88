import { fileURLToPath } from 'node:url';
import { boundedText } from '@xero-webhooks/bounded';

/** Where our own code is. The sample handlers count as the user's. */
const OURS = fileURLToPath(new URL('../../../', import.meta.url));
const SAMPLES = fileURLToPath(new URL('handlers/', import.meta.url));

const MAX_FRAMES = 8;

/** How much of a stack is read, and how much is shown, in characters. */
const MAX_READ = 50_000;
const MAX_SHOWN = 2_000;

/**
 * Cuts a stack down to the lines that its reader can act on: those outside Node, packages and xero-webhooks.
 *
 * @returns the message and at most eight frames
 */
export function ownFrames(stack: string): string {
  const lines = boundedText(stack, MAX_READ).split('\n');
  const firstFrame = lines.findIndex((line) => FRAME.test(line));
  if (firstFrame === -1) return boundedText(stack, MAX_SHOWN);
  const frames = lines.slice(firstFrame).filter(isOwn).slice(0, MAX_FRAMES);
  return boundedText([...lines.slice(0, firstFrame), ...frames].join('\n'), MAX_SHOWN);
}

const FRAME = /^\s+at /;

function isOwn(line: string): boolean {
  if (!FRAME.test(line) || /\bnode:|[/\\]node_modules[/\\]|<anonymous>\)?$/.test(line)) return false;
  const ours = line.includes(`${OURS}packages/`) || line.includes(`${OURS}apps/`);
  return !ours || line.includes(SAMPLES);
}
