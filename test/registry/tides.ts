/** A stranger's plugin in as many versions as a test needs, each published to the local registry. */
import { mkdir, mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { runWell } from './command.ts';
import type { Registry } from './local-registry.ts';
import { writeFiles } from './projects.ts';

/** One version of a package. */
export interface Release {
  readonly name: string;
  readonly version: string;
  /** Members over a manifest that is well; `null` = no manifest. */
  readonly manifest?: object | null;
  /** Members over the package.json. */
  readonly packageJson?: object;
  /** Text of index.js. Default: a plugin that answers with its name and version. */
  readonly code?: string;
}

/** A plugin's code that answers with a text, once its start went well. */
export function answering(text: string, start = ''): string {
  return `export default { api: 1, start: (context) => {
  ${start}
  return { chatModel: () => ({ async *stream() {
    yield { type: 'text-delta', id: '0', delta: ${JSON.stringify(text)} };
    yield { type: 'finish', finishReason: { unified: 'stop' }, usage: { inputTokens: {}, outputTokens: {} } };
  } }) };
} };
`;
}

/** Writes the package of a release. */
export async function writeRelease(folder: string, { name, version, manifest = {}, packageJson = {}, code = answering(`${name} ${version}`) }: Release): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFiles(folder, {
    'index.js': code,
    'package.json': JSON.stringify({
      name, version, type: 'module', exports: './index.js', ...packageJson,
      ...(manifest === null ? {} : { modelport: { manifest: 1, id: 'tides', api: '^1.0.0', provides: ['chat'], ...manifest } }),
    }, null, 2),
  });
}

/** Publishes releases in order; the last one that is no prerelease is `latest`. */
export async function publishReleases(registry: Registry, releases: readonly Release[]): Promise<void> {
  for (const release of releases) {
    const folder = await mkdtemp(path.join(registry.folder, 'release-'));
    await writeRelease(folder, release);
    await runWell('npm', ['publish', '--registry', registry.url, '--tag', release.version.includes('-') ? 'next' : 'latest'], folder, registry);
  }
}
