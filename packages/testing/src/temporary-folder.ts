import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives all tests, and the processes that they start, a temporary folder of their own, which goes when they are over. It has
 * a cache of compiled code, because starting processes is most of what the tests do.
 */
export default function setUp(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'xw-tests-'));
  process.env['TMPDIR'] = folder;
  process.env['NODE_COMPILE_CACHE'] = join(folder, 'compiled');
  return () => rmSync(folder, { recursive: true, force: true });
}
