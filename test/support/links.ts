import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorsOf } from './anchors.ts';

/** A document without its code blocks, which may quote links and paths of other places. */
export function proseOf(file: string): string {
  return readFileSync(file, 'utf8').replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '');
}

/**
 * The links of a document that lead to a file or a heading that does not exist. Those to other sites are not looked at.
 *
 * @param document its path from `root`
 */
export function brokenLinks(root: string, document: string): string[] {
  const links = [...proseOf(join(root, document)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
  return links.filter((link) => {
    if (/^(?:https?|mailto):/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const file = join(root, path === '' ? document : join(dirname(document), path));
    if (!existsSync(file)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
  });
}
