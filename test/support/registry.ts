import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Whether packages can be installed. */
export async function isRegistryThere(): Promise<boolean> {
  try {
    await promisify(execFile)('npm', ['ping', '--fetch-retries=0'], { timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}
