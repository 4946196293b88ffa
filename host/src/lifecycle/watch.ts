/** Follows the config files as editors really write them: by rename, in pieces, or by deleting first. */
import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Quiet time after the last change before the files are read again, in milliseconds. */
const SETTLE_MS = 50;

/**
 * Calls `changed` once the files have been quiet for 50 ms after a change. Folders are watched, not files, because an editor that saves by
 * rename leaves a watched file behind. `files` is asked again after each change: an edit may extend other files. Returns what ends the watch.
 */
export function watchConfig(files: () => readonly string[], changed: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let names = new Set<string>();

  const settle = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      changed();
      follow();
    }, SETTLE_MS);
    timer.unref();
  };
  const follow = (): void => {
    names = new Set(files().map((file) => basename(file)));
    const folders = new Set(files().map((file) => dirname(file)));
    for (const [folder, watcher] of watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of folders) {
      if (watchers.has(folder)) continue;
      // A folder that cannot be watched (gone, or no more watches) is followed no further; `reload()` still works.
      try {
        const watcher = watch(folder, { persistent: false }, (_event, name) => { if (name === null || names.has(name)) settle(); });
        watcher.on('error', () => { watcher.close(); watchers.delete(folder); });
        watchers.set(folder, watcher);
      } catch { /* told by the next reload */ }
    }
  };
  follow();
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
}
