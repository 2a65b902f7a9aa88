import { dirname } from 'node:path';
import { watch } from 'chokidar';

/** Files saved within this time cause one restart. In milliseconds. */
const SETTLE_MS = 150;

/**
 * Watches the folder of a handler module.
 *
 * @param onChange called shortly after a source file in or below the folder was written, added or removed
 */
export function watchHandlers(file: string, onChange: (changed: string) => void): { stop(): Promise<void> } {
  const watcher = watch(dirname(file), {
    ignoreInitial: true,
    ignored: (path, stats) =>
      /(^|[/\\])(node_modules|\.[^/\\]+)([/\\]|$)/.test(path.slice(dirname(file).length)) ||
      (stats?.isFile() === true && !/\.([cm]?[jt]s|json)$/.test(path)),
  });
  let timer: NodeJS.Timeout | undefined;
  watcher.on('all', (_event, path) => {
    clearTimeout(timer);
    timer = setTimeout(() => onChange(path), SETTLE_MS);
  });
  return {
    async stop() {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
