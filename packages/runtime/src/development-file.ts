import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `xw dev` leaves for the command line in a second terminal. */
export type DevelopmentFile = {
  /** Where webhooks are received. */
  readonly webhookUrl: string;
  /** The key that the ingress accepts besides those of XERO_WEBHOOK_KEY. */
  readonly webhookKey: string;
  readonly redisUrl: string;
  /** REDIS_PREFIX, where it was set. */
  readonly redisPrefix?: string;
  /** Where the fake Xero is, which delivers to `webhookUrl`; absent where none was started. */
  readonly xeroUrl?: string;
};

/** The folder for everything that is kept between two starts, in the working directory. */
export function dataFolder(workingDirectory: string): string {
  return join(workingDirectory, '.data');
}

const NAME = 'development.json';

/** Reads what `xw dev` left, or `undefined` where it never ran here. */
export function readDevelopmentFile(folder: string): DevelopmentFile | undefined {
  const path = join(folder, NAME);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as DevelopmentFile) : undefined;
}

/** Writes it so that only its owner can read it, for it holds a key, and so that nobody reads half of it. */
export function writeDevelopmentFile(folder: string, content: DevelopmentFile): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, NAME);
  const draft = `${path}.${process.pid}`;
  // The mode counts for a new file only.
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
