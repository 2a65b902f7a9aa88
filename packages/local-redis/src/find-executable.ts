import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * @param path the folders to search, as in PATH
 * @returns the first match
 */
export function findExecutable(name: string, path: string): string | undefined {
  const places = path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
