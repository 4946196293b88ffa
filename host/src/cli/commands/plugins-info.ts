/** `modelport plugins info`: one plugin, phase by phase: found, manifest, contract, options, secrets, import, state. */
import { basename } from 'node:path';
import type { BackendDescription } from '@modelport/host';
import type { JsonObject } from '@modelport/plugin-api';
import { contractText, failureLines, packageText, stateCell } from '../backend-text.ts';
import { lockedVersion } from '../doctor/locked-versions.ts';
import type { LockState } from '../install/lock-state.ts';
import { withNewestFitting } from '../install/newest-fitting.ts';
import { projectOf } from '../install/package-manager.ts';
import { optionRows } from '../option-text.ts';
import { shortPath } from '../paths.ts';
import { pickBackends } from '../pick-backends.ts';
import type { Define } from '../program.ts';
import type { Session } from '../session.ts';
import { indented, tableLines } from '../table.ts';

export const define: Define = (command, session) => {
  command
    .argument('<name>', 'a plugin as the config names it, or a backend')
    .option('--start', 'also import and start it')
    .addHelpText('after', `
Examples:
  modelport plugins info @modelport/openai
  modelport plugins info eu --start`)
    .action(async (name: string, { start = false }: { readonly start?: boolean }) => {
      await session.withHost(async (host) => {
        const names = (await pickBackends(host, name)).map((backend) => backend.name);
        if (start) for (const backend of names) await host.retry(backend);
        const { backends, files } = await host.describe();
        const project = await projectOf(files);
        const picked = await withNewestFitting(backends.filter((backend) => names.includes(backend.name)), project.folder, session.signal);
        const chosen = await Promise.all(picked.map(async (backend) => ({ ...backend, lock: await lockedVersion(backend, project), options: await host.optionSchema(backend.name) })));
        if (session.json) await session.out.json({ backends: chosen });
        else for (const [index, backend] of chosen.entries()) await tell(backend, index, session);
      });
    });
};

/** The lock state in words. */
function lockText(lock: LockState, installed: string | undefined): string {
  const file = basename(lock.lockfile);
  if (lock.version === undefined) return `no: ${file} does not name it`;
  if (lock.version !== installed) return `no: ${file} has ${lock.version}`;
  return `${lock.version}${lock.integrity === undefined ? '' : `, ${lock.integrity}`} (${file})`;
}

async function tell(backend: BackendDescription & { readonly options: JsonObject | undefined; readonly lock: LockState | undefined }, index: number, { out }: Session): Promise<void> {
  const { paint } = out;
  const { from, resolvedFrom, folder, api, provides, secrets, importMs, state, failure, options, generation } = backend;
  const standing = stateCell(state, paint);
  const named = `${shortPath(from.file)}${from.line === undefined ? '' : `:${from.line}`}`;
  const rows: [string, string][] = [
    ['named in', named],
    ['found', folder === undefined ? 'no' : `${shortPath(folder)}${resolvedFrom === undefined ? '' : ` (${resolvedFrom.how}, sought from ${shortPath(resolvedFrom.folder)})`}`],
    ...(backend.lock === undefined ? [] : [['locked', lockText(backend.lock, backend.version)] satisfies [string, string]]),
    ['contract', contractText(api).replace(/^contract /, '') || 'not read'],
    ['provides', provides.join(', ') || 'not read'],
    ['secrets', secrets.map(({ name, present, required, sought }) => `${name} ${present ? 'present' : required ? 'MISSING' : 'absent'} (${sought.join(', ') || 'no source'})`).join('; ') || 'none'],
    ['import', importMs === undefined ? 'not yet: a plugin is imported at first use; --start does it now' : `${Math.round(importMs)} ms, once`],
    ['state', `${standing.paint?.(standing.text) ?? standing.text}${generation === undefined ? '' : `, generation ${generation}`}`],
  ];
  await out.line(`${index > 0 ? '\n' : ''}${paint.bold(backend.name)}  ${packageText(backend)}`);
  await out.line(indented(tableLines([], rows.map(([name, text]) => [{ text: name, paint: paint.dim }, text])).join('\n')));
  if (failure !== undefined) await out.line(failureLines(failure, paint));
  const taken = optionRows(options);
  if (taken.length > 0) await out.line(`  ${paint.dim('options')}\n${indented(tableLines([], taken).join('\n'), 4)}`);
}
