import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { ROOT } from '@xero-webhooks/testing';

/** The image's program: the folder ends in a slash. Or nothing, where the registry of packages cannot be reached. */
export type Image = { readonly folder: string } | undefined;

const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|FETCH_FAIL|fetch failed/i;

/**
 * Does what the Dockerfile does, without Docker: the same files, and the same command to install what they need.
 *
 * @throws Error where the command fails while the registry can be reached
 */
export function installImage(): Image {
  const dockerfile = readFileSync(`${ROOT}Dockerfile`, 'utf8').replaceAll(/\\\n\s*/g, '');
  const [, pnpm] = /npm install --global (pnpm@\S+)/.exec(dockerfile)!;
  const [, words] = /^RUN .*\bpnpm (install .*)$/m.exec(dockerfile)!;
  const folder = mkdtempSync(join(tmpdir(), 'xw-image-'));
  const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) => paths!.split(' '));
  for (const file of filesInContext()) {
    const isCopied = sources.some((source) => file === source || file.startsWith(`${source}/`));
    if (isCopied) cpSync(ROOT + file, join(folder, file));
  }
  try {
    // The store is the machine's own: what it has is not fetched again.
    const command = words!.replace(/--store-dir \S+ ?/, '').split(/\s+/);
    execFileSync('npx', ['--yes', pnpm!, ...command, '--prefer-offline'], {
      cwd: folder,
      // Where there is no network, that is to be known soon: both of them read this.
      env: { ...process.env, NODE_ENV: 'production', npm_config_fetch_retries: '0' },
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    if (UNREACHABLE.test(stdout + stderr)) return undefined;
    throw new Error(`the image cannot be installed:\n${stdout}${stderr}`, { cause: error });
  }
  return { folder: `${folder}/` };
}

/** The names of the packages that are installed in a folder, those of the workspace left out. */
export function installedPackages(folder: string): string[] {
  const store = join(folder, 'node_modules/.pnpm');
  const names = readdirSync(store)
    .filter((entry) => entry !== 'node_modules' && existsSync(join(store, entry, 'node_modules')))
    .flatMap((entry) => packagesIn(join(store, entry, 'node_modules')));
  return [...new Set(names)].toSorted();
}

/** What lies in the folder itself: what a package needs is linked beside it. */
function packagesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      name.startsWith('@') ? packagesIn(join(folder, name)).map((inner) => `${name}/${inner}`) : [name],
    );
}

/** The files that Docker sees, by the rules of .dockerignore: the last that fits a file or a folder above it decides. */
function filesInContext(): string[] {
  const rules = readFileSync(`${ROOT}.dockerignore`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) =>
      line.startsWith('!') ? { pattern: line.slice(1), ignore: false } : { pattern: line, ignore: true },
    );
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return files.split('\n').filter((file) => {
    if (file === '' || !existsSync(ROOT + file)) return false;
    const parts = file.split('/');
    const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    const rule = rules.findLast(({ pattern }) => paths.some((path) => matchesGlob(path, pattern)));
    return rule?.ignore === false;
  });
}
