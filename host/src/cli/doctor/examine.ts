/** A check-up of everything between a config file and a serving backend. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackendDescription, Host } from '@modelport/host';
import { packageText } from '../backend-text.ts';
import { withNewestFitting } from '../install/newest-fitting.ts';
import { projectOf } from '../install/package-manager.ts';
import { shortPath } from '../paths.ts';
import { versionOf } from '../program.ts';
import type { Session } from '../session.ts';
import { startAll } from '../start-backends.ts';
import { failed, type Finding } from './findings.ts';
import { checkBackends, checkRegistry } from './online-checks.ts';
import { checkLockedVersions } from './locked-versions.ts';
import { checkSinglePackages } from './single-packages.ts';

/** What a check-up does beyond reading manifests. */
export interface ExamineSettings {
  /** Import and start every plugin. */
  readonly start: boolean;
  /** Ask backends and the registry. */
  readonly online: boolean;
}

/** What a check-up came to. */
export interface Examination {
  readonly findings: readonly Finding[];
  readonly backends: readonly BackendDescription[];
}

/** Checks everything; what is wrong is a finding, never thrown. */
export async function examine(session: Session, settings: ExamineSettings): Promise<Examination> {
  const findings: Finding[] = [
    { area: 'node', name: 'node', level: 'ok', text: `${process.versions.node} (needs 22.19 or newer)` },
    { area: 'node', name: '@modelport/host', level: 'ok', text: `${versionOf()} in ${shortPath(hostFolder)}` },
  ];
  try {
    return await session.withHost(async (host) => {
      const backends = await examineHost(host, findings, session, settings);
      return { findings, backends };
    });
  } catch (error) {
    const told = error as { readonly code?: string; readonly message: string; readonly remedy?: string };
    if (told.code === undefined || told.remedy === undefined) throw error;
    return { findings: [...findings, failed('config', 'config', told as Parameters<typeof failed>[2])], backends: [] };
  }
}

const hostFolder = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

async function examineHost(host: Host, findings: Finding[], session: Session, { start, online }: ExamineSettings): Promise<readonly BackendDescription[]> {
  if (start) await startAll(host);
  const { backends: described, files, profiles } = await host.describe();
  const project = await projectOf(files);
  const backends = await withNewestFitting(described, project.folder, session.signal);
  findings.push({ area: 'config', name: 'config', level: 'ok', text: `${files.map((one) => shortPath(one)).join(', ')}${profiles.length > 0 ? `; profiles ${profiles.join(', ')}` : ''}` });
  findings.push({ area: 'config', name: 'project', level: 'ok', text: `${shortPath(project.folder)} (${project.manager}, ${project.lockfile === undefined ? 'no lockfile' : shortPath(project.lockfile)})` });
  findings.push(...backends.map(pluginFinding), ...backends.flatMap(secretFindings), ...(await checkSinglePackages(backends, hostFolder)), ...(await checkLockedVersions(backends, project)), ...importFindings(backends));
  if (online) findings.push(...(await checkBackends(host, session.signal)), await checkRegistry(project.folder, session.signal));
  return backends;
}

function pluginFinding({ name, state, failure, importMs, ...backend }: BackendDescription): Finding {
  if (failure !== undefined) return failed('plugins', name, failure);
  const imported = importMs === undefined ? '' : `, imported in ${Math.round(importMs)} ms`;
  return { area: 'plugins', name, level: 'ok', text: `${packageText(backend)} ${state === 'idle' ? 'ready' : state}${imported}` };
}

/** How much was imported, and how long that took: a package is imported once, however many backends it has. */
function importFindings(backends: readonly BackendDescription[]): Finding[] {
  const imported = new Map(backends.flatMap(({ folder, importMs }) => (folder === undefined || importMs === undefined ? [] : [[folder, importMs] as const])));
  if (imported.size === 0) return [];
  const tookMs = [...imported.values()].reduce((sum, one) => sum + one, 0);
  return [{ area: 'packages', name: 'imports', level: 'ok', text: `${imported.size} ${imported.size === 1 ? 'plugin' : 'plugins'}, each imported once: ${Math.round(tookMs)} ms in all` }];
}

function secretFindings({ name, secrets }: BackendDescription): Finding[] {
  return secrets.map(({ name: secret, present, required, sought, warning }) => ({
    area: 'secrets', name: `${name}.${secret}`, level: (present || !required) && warning === undefined ? 'ok' : 'warning',
    text: `${present ? 'present' : required ? 'missing' : 'absent, not required'} (${sought.join(', ') || 'no source'})${warning === undefined ? '' : `; ${warning}`}`,
  }));
}
