import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { AppProcess } from '@xero-webhooks/testing';
import { startProcess } from '@xero-webhooks/testing';

const run = promisify(execFile);

/** The oldest release of Node that the package supports. The package `node` would fetch it with a script. */
const OLDEST_NODE = `node-${process.platform}-${process.arch}@22.22.0`;

/** Of any command, in milliseconds. */
const PATIENCE_MS = 120_000;

/** What a command printed, and its exit code. */
type Printed = { readonly code: number; readonly text: string };

/** A project of somebody who has the package installed from its tarball, and runs it with the oldest Node that it supports. */
export type Project = {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): void;
  npm(words: readonly string[], more?: Readonly<Record<string, string>>): Promise<Printed>;
  /** Runs one of the installed programs, as `npx` does. */
  npx(program: string, ...words: string[]): Promise<Printed>;
  /** Runs a file of the project. */
  node(...words: string[]): Promise<Printed>;
  /** Starts one of the processes of the package, or a file of the project. */
  start(words: readonly string[], environment?: Record<string, string>): AppProcess;
};

/**
 * Makes a folder, with a space in its name as people have them, and installs the package there.
 *
 * @param manifest the package.json that is there before
 * @throws Error where that fails; `isUnreachable` tells whether that is because there is no registry
 */
export async function installedProject(tarball: string, manifest?: object): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'xw project '));
  const environment = { ...cleanEnvironment(), PATH: `${folder}/node_modules/.bin:${process.env['PATH']}` };
  const printed = async (file: string, words: readonly string[], more = {}): Promise<Printed> => {
    try {
      const { stdout, stderr } = await run(file, words, {
        cwd: folder,
        env: { ...environment, ...more },
        timeout: PATIENCE_MS,
      });
      return { code: 0, text: stdout + stderr };
    } catch (error) {
      const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
      return { code: code ?? 1, text: stdout + stderr };
    }
  };
  const project: Project = {
    folder,
    write(files) {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      }
    },
    // Installing is busy: it must not take the processor from tests whose processes have to answer in time.
    npm: (words, more) => printed('nice', ['-n', '5', 'npm', ...words], more),
    npx: (program, ...words) => printed(join(folder, 'node_modules/.bin', program), words),
    node: (...words) => printed(join(folder, 'node_modules/.bin/node'), words),
    start: (words, more = {}) =>
      startProcess(words, more, { root: `${folder}/`, execPath: join(folder, 'node_modules/.bin/node') }),
  };
  if (manifest) project.write({ 'package.json': JSON.stringify(manifest) });
  const installed = await project.npm(['install', ...QUIET, tarball, OLDEST_NODE]);
  if (installed.code !== 0) throw new Error(`the package cannot be installed:\n${installed.text}`);
  return project;
}

/** Nothing but the packages is wanted of the registry. */
export const QUIET = ['--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=1'];

/** Nothing of the package manager that runs the tests. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_(?!config_registry)|NODE_ENV|NODE_OPTIONS|VITEST|FORCE_COLOR)/i.test(name),
  );
  return Object.fromEntries(entries);
}
