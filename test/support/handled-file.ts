import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a handler of varied-handlers.ts writes down when it has handled an event. */
export type Handled = { handler: string; name: string; resourceId: string; tenantId: string; key: string };

/** The file that handlers write to, and what is in it. */
export function handledFile(): { file: string; read: (handler?: string) => Handled[] } {
  const file = join(mkdtempSync(join(tmpdir(), 'xw-handled-')), 'events');
  const lines = (): string[] => {
    try {
      // The last one, without an end, is still being written.
      return readFileSync(file, 'utf8').split('\n').slice(0, -1);
    } catch {
      return [];
    }
  };
  return {
    file,
    read: (handler) => {
      const all = lines().map((line) => JSON.parse(line) as Handled);
      return handler === undefined ? all : all.filter((one) => one.handler === handler);
    },
  };
}
