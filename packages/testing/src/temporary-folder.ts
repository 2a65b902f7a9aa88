import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives all tests, and the processes that they start, a temporary folder of their own, which goes when they are over. */
export default function setUp(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'xw-tests-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
