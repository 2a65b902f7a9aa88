import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Looks for a program by name.
 *
 * @param path the folders to look in, as in the variable PATH
 * @returns where the first of the folders has it
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
