/** `modelport plugins add`: installs a plugin with the project's package manager, scripts off, and shows or writes its config entry. */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Host } from '@modelport/host';
import { failureLines } from '../backend-text.ts';
import { backendNameOf, entryText, writeEntry, type ConfigEntry } from '../install/config-entry.ts';
import { withNewestFitting } from '../install/newest-fitting.ts';
import { findProject, type Project } from '../install/package-manager.ts';
import { parsePackageSpec, type PackageSpec } from '../install/package-spec.ts';
import { installPackages } from '../install/run-install.ts';
import { shortPath } from '../paths.ts';
import type { Define } from '../program.ts';
import type { Session } from '../session.ts';
import { indented } from '../table.ts';

interface AddFlags {
  readonly write?: boolean;
  readonly as?: string;
}

export const define: Define = (command, session) => {
  command
    .argument('<package>', 'NAME or NAME@RANGE')
    .option('--write', 'add the entry to the config file; its comments stay')
    .option('--as <name>', 'name of the backend; default: from the name of the package')
    .addHelpText('after', `
The package is installed beside the config, with the package manager whose lockfile is there; its install scripts do not run.

Examples:
  modelport plugins add @modelport/openai
  modelport plugins add "@modelport/openai@^1" --as eu --write`)
    .action(async (text: string, flags: AddFlags) => {
      const spec = parsePackageSpec(text);
      const { findConfig } = await import('@modelport/host');
      const { file } = await findConfig(process.cwd(), process.env, session.options.config);
      // A config that is wrong already is told before anything is installed.
      const used = file === undefined ? [] : Object.values((await session.readConfig()).config.backends).map(({ plugin }) => plugin);
      const project = await findProject(file === undefined ? process.cwd() : dirname(file));
      const ran = await installPackages(project, [spec.install], session.signal);
      const name = spec.name ?? (await lastInstalled(project, spec));
      await tell({ name, spec, ran, file, used: used.includes(name), ...(await look(name, project, spec, flags, session.signal)) }, flags, session);
    });
};

interface Added {
  readonly name: string;
  readonly spec: PackageSpec;
  readonly ran: string;
  readonly file: string | undefined;
  /** Whether the config names this plugin already. */
  readonly used: boolean;
  readonly backend: Awaited<ReturnType<Host['describe']>>['backends'][number] | undefined;
  readonly entry: ConfigEntry;
}

/** What the installed package says of itself, and the entry that follows from it. */
async function look(name: string, project: Project, { range }: PackageSpec, { as }: AddFlags, signal: AbortSignal): Promise<Pick<Added, 'backend' | 'entry'>> {
  const { createHost } = await import('@modelport/host');
  await using host = await createHost({ config: { backends: { added: { plugin: name } } }, cwd: project.folder, environment: withoutOurs(process.env), watch: false });
  const [backend] = await withNewestFitting((await host.describe()).backends, project.folder, signal);
  const section = backend !== undefined && backend.provides.length > 0 && backend.provides.every((kind) => kind === 'tools') ? 'tools' : 'backends';
  const secrets = (backend?.secrets ?? []).flatMap(({ name: secret, required, sought }) => {
    const variable = sought.find((place) => place.startsWith('env '))?.slice('env '.length);
    return required && variable !== undefined ? [[secret, { env: variable }] as const] : [];
  });
  const value = { plugin: range === undefined ? name : `${name}@${range}`, ...(secrets.length > 0 ? { secrets: Object.fromEntries(secrets) } : {}) };
  return { backend, entry: { section, name: as ?? backendNameOf(name), value } };
}

/** Writes the entry; a config that it would make wrong stays as it was. Throws CONFIG_INVALID, and what `writeEntry` throws. */
async function writeChecked(file: string, entry: ConfigEntry, session: Session): Promise<void> {
  const before = await readFile(file);
  await writeEntry(file, entry);
  try {
    await session.readConfig();
  } catch (error) {
    await writeFile(file, before);
    throw error;
  }
}

/** The environment without the variables that would change the config the package is looked at through. */
function withoutOurs(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('MODELPORT_')));
}

/** The name of a package that was given as a file: the dependency that points at it. */
async function lastInstalled({ folder }: Project, { install }: PackageSpec): Promise<string> {
  const { dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { readonly dependencies?: Readonly<Record<string, string>> };
  return Object.entries(dependencies).find(([, where]) => resolve(folder, where.replace(/^(?:file|link):/, '')) === install)?.[0] ?? install;
}

async function tell({ name, ran, file, used, backend, entry }: Added, { write = false }: AddFlags, session: Session): Promise<void> {
  const written = write && file !== undefined && !used;
  if (written) {
    await writeChecked(file, entry, session);
  }
  const failure = backend?.failure?.code === 'SECRET_MISSING' ? undefined : backend?.failure;
  if (failure !== undefined) session.exitCode = 1;
  if (session.json) return session.out.json({ plugin: name, version: backend?.version ?? null, command: ran, provides: backend?.provides ?? [], section: entry.section, name: entry.name, entry: entry.value, file: file ?? null, written, ...(failure === undefined ? {} : { failure }) });
  const { out } = session;
  const { paint } = out;
  await out.line(`${paint.green('installed')}  ${paint.bold(name)} ${backend?.version ?? ''}  ${backend?.provides.join(', ') ?? ''}`);
  if (failure !== undefined) return out.line(failureLines(failure, paint));
  const text = indented(await entryText(entry));
  if (used) await out.line(`The config names it already: ${shortPath(file ?? '')}`);
  else if (written) await out.line(`Added to ${shortPath(file)}:\n${text}`);
  else await out.line(`${file === undefined ? 'There is no config yet; `modelport config init` writes one. Its entry:' : `Add to ${shortPath(file)}, or run this again with --write:`}\n${text}`);
  for (const { name: secret, required, present, sought } of backend?.secrets ?? []) {
    if (required && !present) await out.line(`It needs the secret ${secret}: ${sought.join(' or ') || `write it under \`${entry.section}.${entry.name}.secrets.${secret}\``}`);
  }
}
