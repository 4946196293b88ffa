/** Follows the config files as editors and mounts really write them: by rename, in pieces, by deleting first, or by swapping a link. */
import { stat } from 'node:fs/promises';
import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Quiet time after the last change before the files are read again, in milliseconds. */
const SETTLE_MS = 50;

/**
 * Calls `changed` once the files have been quiet for 50 ms after a change. Folders are watched, not files, because an editor that saves by
 * rename leaves a watched file behind. When `changed` is done, `files` is asked again: an edit may extend other files. Returns what ends
 * the watch.
 */
export function watchConfig(files: () => readonly string[], changed: () => Promise<unknown>): () => void {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let names = new Set<string>();
  let stamps = Promise.resolve('');
  let named = false;
  let ended = false;

  const look = async (): Promise<void> => {
    const before = stamps;
    stamps = stampsOf(files());
    const wasNamed = named;
    named = false;
    // A file that was named has changed, even within one tick of the file system's clock. Other names matter only where a link was swapped.
    if (!wasNamed && (await before) === (await stamps)) return;
    await changed();
    follow();
  };
  const settle = (name: string | null): void => {
    const meant = name === null || names.has(name);
    // Traffic in the same folder must not put the look off for ever.
    if (!meant && timer !== undefined) return;
    named ||= meant;
    clearTimeout(timer);
    timer = setTimeout(() => { timer = undefined; void look(); }, SETTLE_MS);
    timer.unref();
  };
  const follow = (): void => {
    if (ended) return;
    names = new Set(files().map((file) => basename(file)));
    stamps = stampsOf(files());
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
        const watcher = watch(folder, { persistent: false }, (_event, name) => { settle(name); });
        watcher.on('error', () => { watcher.close(); watchers.delete(folder); });
        watchers.set(folder, watcher);
      } catch { /* told by the next reload */ }
    }
  };
  follow();
  return () => {
    ended = true;
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
}

/** What changes when a file does, links followed; a file that is gone has a stamp too. */
async function stampsOf(files: readonly string[]): Promise<string> {
  const stamps = await Promise.all(files.map(async (file) => {
    const facts = await stat(file).catch(() => undefined);
    return facts === undefined ? `${file} gone` : `${file} ${facts.ino} ${facts.mtimeMs} ${facts.size}`;
  }));
  return stamps.join('\n');
}
