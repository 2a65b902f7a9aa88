import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { CodedError } from '@xero-webhooks/runtime';
import { printLines } from '../print-lines.ts';
import type { InitOptions } from './command.ts';
import type { Manifest } from './manifest.ts';
import { completeManifest } from './manifest.ts';
import { projectFiles } from './project-files.ts';

const MANIFEST = 'package.json';

/**
 * Writes the project, and says what comes next.
 *
 * @throws CodedError `XW_INIT` if the package.json that is there cannot be read, a file cannot be written, or files are
 *   there and nobody can be asked
 */
export async function initProject(path: string, options: InitOptions): Promise<void> {
  const folder = resolve(path);
  const language = options.javascript ? 'javascript' : 'typescript';
  const before = readManifest(folder);
  const manifest = completeManifest(before, basename(folder), language);
  const isModule = manifest.type === 'module';
  const files = projectFiles({ name: manifest.name!, language, isModule });
  const there = Object.keys(files).filter((file) => existsSync(join(folder, file)));
  const overwrites = there.length === 0 || (await shallOverwrite(there, options));
  const written = Object.entries(files).filter(([file]) => overwrites || !there.includes(file));

  const whole = [[MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`] as const, ...written];
  for (const [file, text] of whole) write(join(folder, file), text);

  const kept = overwrites ? [] : there;
  const place = relative(process.cwd(), folder);
  const enter = place === '' ? [] : [`  cd ${/^[\w./-]+$/.test(place) ? place : `'${place}'`}`];
  printLines([
    ...whole.map(([file]) => `${before && file === MANIFEST ? 'completed' : 'wrote    '}  ${join(place, file)}`),
    ...kept.map((file) => `kept       ${join(place, file)}`),
    '',
    'Next:',
    ...enter,
    '  npm install',
    '  npm test',
    '  npx xero-webhooks dev',
    '',
    'Then send an invoice, in a second terminal:',
    ...enter,
    '  npx xero-webhooks simulate invoice.updated',
  ]);
}

async function shallOverwrite(
  there: readonly string[],
  { overwrite = false, keep = false }: InitOptions,
): Promise<boolean> {
  if (overwrite || keep) return overwrite;
  const are = `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already`;
  if (!process.stdin.isTTY) {
    throw new CodedError('XW_INIT', `${are}: choose with --overwrite or --keep; nothing was written`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${are}. Overwrite? [y/N] `);
  terminal.close();
  return /^y(?:es)?$/i.test(answer.trim());
}

function readManifest(folder: string): Manifest | undefined {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) return undefined;
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)) return { ...manifest };
    throw new TypeError('it is no object');
  } catch (error) {
    throw new CodedError('XW_INIT', `${file} cannot be read: ${(error as Error).message}; nothing was written`);
  }
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new CodedError('XW_INIT', `${file} cannot be written: ${(error as Error).message}`);
  }
}
