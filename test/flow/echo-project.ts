/** A project folder with the echo plugin installed, and a config file to edit. */
import { cp, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigInput } from '@modelport/host';
import { onTestFinished } from 'vitest';

/** Name of the plugin. */
export const ECHO = 'modelport-plugin-echo-http';

/** A project. */
export interface EchoProject {
  readonly file: string;
  /** Saves the config as editors do: a new file, renamed over the old one. */
  save(config: ConfigInput): Promise<void>;
}

/** Makes a project in a temp folder; it is gone after the test. */
export async function createEchoProject(): Promise<EchoProject> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'modelport-flow-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(join(import.meta.dirname, '../fixtures/plugins/works-echo-http'), join(folder, 'node_modules', ECHO), { recursive: true });
  const file = join(folder, 'modelport.config.json');
  return {
    file,
    save: async (config) => {
      await writeFile(`${file}.new`, JSON.stringify(config, null, 2));
      await rename(`${file}.new`, file);
    },
  };
}
