/** Whether the lockfile of the project pins each installed plugin to the version that is there. */
import { basename, sep } from 'node:path';
import type { BackendDescription } from '@modelport/host';
import { lockStateOf, type LockState } from '../install/lock-state.ts';
import type { Project } from '../install/package-manager.ts';
import type { Finding } from './findings.ts';

/** The lock state of a backend's package; `undefined` for one that no package manager put there, or without a lockfile. */
export async function lockedVersion({ plugin, version, folder, resolvedFrom }: BackendDescription, project: Project): Promise<LockState | undefined> {
  if (version === undefined || resolvedFrom?.how !== 'node_modules' || folder?.includes(`${sep}node_modules${sep}`) !== true) return undefined;
  return lockStateOf(project, { name: plugin, version, folder });
}

/** One finding for all that is as it should be, and one for each plugin that is not. */
export async function checkLockedVersions(backends: readonly BackendDescription[], project: Project): Promise<Finding[]> {
  const packages = [...new Map(backends.map((backend) => [backend.folder ?? backend.name, backend])).values()];
  const states = await Promise.all(packages.map(async (backend) => ({ backend, lock: await lockedVersion(backend, project) })));
  const known = states.flatMap(({ backend, lock }) => (lock === undefined ? [] : [{ backend, lock }]));
  const pinned = known.filter(({ backend, lock }) => lock.version === backend.version);
  const wrong = known.filter(({ backend, lock }) => lock.version !== backend.version).map(({ backend: { plugin, version }, lock }): Finding => ({
    area: 'packages', name: plugin, level: 'warning',
    text: `${version ?? ''} is installed, but ${basename(lock.lockfile)} ${lock.version === undefined ? 'does not name it' : `has ${lock.version}`}`,
    remedy: `\`modelport plugins add ${plugin}@${version ?? 'latest'}\` puts this version into the lockfile; a fresh install brings back the other.`,
  }));
  if (pinned.length === 0) return wrong;
  return [{ area: 'packages', name: basename(pinned[0]?.lock.lockfile ?? ''), level: 'ok', text: `pins ${pinned.length === 1 ? 'the installed plugin' : `${pinned.length} installed plugins`}` }, ...wrong];
}
