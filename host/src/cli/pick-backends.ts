/** Backends by the name a person writes: that of the backend, or of its plugin. */
import type { BackendDescription, Host } from '@modelport/host';
import { CommandError } from './command-error.ts';

/** The backends of that name, or on the plugin of that name. Throws USAGE with near names. */
export async function pickBackends(host: Host, name: string): Promise<readonly BackendDescription[]> {
  const { backends } = await host.describe();
  const chosen = backends.filter((backend) => backend.name === name || backend.plugin === name);
  if (chosen.length > 0) return chosen;
  const { nearNames } = await import('@modelport/host');
  const near = nearNames(name, backends.flatMap((backend) => [backend.name, backend.plugin]));
  throw new CommandError('USAGE', `The config names no plugin or backend "${name}".${near.length > 0 ? ` Did you mean ${near.map((one) => `"${one}"`).join(' or ')}?` : ''}`, '`modelport backends list` shows what it names.', { name, near });
}
