import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PACKAGE } from './published-manifest.ts';

const COPIED = ['LICENSE', 'CHANGELOG.md', '.env.example', 'docs', 'examples'];

/** For those who read the repository. */
const LEFT_OUT = ['docs/README.md', 'docs/pictures', 'docs/performance.md'];

/** Copies what people read in the package. Where a link would lead out of it, its text stays. */
export function copyDocuments(root: string, staged: string): void {
  const leftOut = new Set(LEFT_OUT.map((file) => join(root, file)));
  for (const file of COPIED) {
    cpSync(join(root, file), join(staged, file), { recursive: true, filter: (source) => !leftOut.has(source) });
  }
  cpSync(join(root, PACKAGE, 'README.md'), join(staged, 'README.md'));
  for (const file of readdirSync(staged, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.md')) keepInside(staged, file);
  }
}

function keepInside(staged: string, file: string): void {
  const text = readFileSync(join(staged, file), 'utf8');
  const leadsOut = (link: string): boolean =>
    !/^(?:https?:|mailto:|#)/.test(link) && !existsSync(join(staged, dirname(file), link.split('#')[0]!));
  const kept = text
    .replaceAll(/!\[[^\]]*\]\(([^)\s]+)\)\n*/g, (whole, link: string) => (leadsOut(link) ? '' : whole))
    .replaceAll(/\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, name: string, link: string) => (leadsOut(link) ? name : whole));
  writeFileSync(join(staged, file), kept);
}
