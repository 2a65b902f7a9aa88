import { existsSync } from 'node:fs';
import { CodedError } from '@xero-webhooks/runtime/coded-error';

/** The programs of the other apps. They are started by their address, because apps do not import each other. */
const PROGRAMS = {
  dev: new URL('../../../dev/src/main.ts', import.meta.url),
  ingress: new URL('../../../ingress/src/main.ts', import.meta.url),
  worker: new URL('../../../worker/src/main.ts', import.meta.url),
  board: new URL('../../../board/src/main.ts', import.meta.url),
};

export type ProgramName = keyof typeof PROGRAMS;

/**
 * Turns this process into one of the others; it goes on when this returns.
 *
 * @throws CodedError `XW_NOT_INSTALLED` where the program was left out, as `dev` is from the image
 */
export async function runProcess(name: ProgramName): Promise<void> {
  const program = PROGRAMS[name];
  if (!existsSync(program)) {
    throw new CodedError(
      'XW_NOT_INSTALLED',
      `${name} is not part of this installation: the image has only what runs in production; use the npm package xero-webhooks, or a checkout`,
    );
  }
  await import(program.href);
}
