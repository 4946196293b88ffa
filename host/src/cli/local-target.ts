/** Which model on which backend's machine a command means. */
import type { Host } from '@modelport/host';
import { CommandError } from './command-error.ts';

/** A model of a backend with local models. */
export interface LocalTarget {
  readonly backend: string;
  readonly model: string;
}

/**
 * Reads an alias, `model:tag@backend` or `backend/model` as model specs are read, but among the backends with local models only: where
 * there is one such backend, a bare `model:tag` is enough, whatever other backends the config names. Throws USAGE.
 */
export async function readLocalTarget(host: Host, spec: string): Promise<LocalTarget> {
  const text = spec.trim();
  const names = localBackends(host);
  const { models } = await host.describe();
  const alias = models.find(({ name }) => name === text);
  if (alias !== undefined) {
    const targets = alias.targets.map((target) => ({ model: target.slice(0, target.lastIndexOf('@')), backend: target.slice(target.lastIndexOf('@') + 1) }));
    const local = targets.find(({ backend }) => names.includes(backend));
    if (local !== undefined) return local;
    throw new CommandError('USAGE', `The alias "${text}" means ${alias.targets.join(', ')}, and none of them is on a backend with local models.`, `Backends with local models: ${names.join(', ')}.`, { spec, backends: names });
  }
  const target = splitSpec(text, names);
  if (target.model === '') throw new CommandError('USAGE', `"${spec}" names no model.`, `Write it as MODEL@${names[0] ?? 'BACKEND'}, for example llama3.2:1b@${names[0] ?? 'local'}.`, { spec });
  return target;
}

/** The backends a listing asks: the one named, or every one with local models. Throws USAGE. */
export function chooseLocalBackends(host: Host, name: string | undefined): readonly string[] {
  const names = localBackends(host);
  if (name === undefined) return names;
  if (names.includes(name)) return [name];
  throw new CommandError('USAGE', `"${name}" is no backend with local models.`, `Backends with local models: ${names.join(', ')}.`, { name, backends: names });
}

function localBackends(host: Host): readonly string[] {
  const names = host.localModels.names();
  if (names.length > 0) return names;
  throw new CommandError('USAGE', 'The config names no backend with local models.', 'Add one under `backends:`, for example `local: { plugin: "@modelport/ollama" }`, and install its package with `modelport plugins add @modelport/ollama`.');
}

function splitSpec(text: string, names: readonly string[]): LocalTarget {
  const at = text.lastIndexOf('@');
  if (at !== -1 && names.includes(text.slice(at + 1))) return { model: text.slice(0, at), backend: text.slice(at + 1) };
  const slash = text.indexOf('/');
  if (slash !== -1 && names.includes(text.slice(0, slash))) return { model: text.slice(slash + 1), backend: text.slice(0, slash) };
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0 && at === -1) return { model: text, backend: only };
  const said = at === -1 ? `"${text}" names no backend, and ${names.length} have local models.` : `"${text.slice(at + 1)}" is no backend with local models.`;
  throw new CommandError('USAGE', said, `Write it as ${at === -1 ? text : text.slice(0, at)}@BACKEND; backends with local models: ${names.join(', ')}.`, { spec: text, backends: names });
}
