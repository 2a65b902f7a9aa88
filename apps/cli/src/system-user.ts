import { userInfo } from 'node:os';

/** Who acts, where `--by` does not say. */
export function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no name.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
