/** Which packages a config lets in: `policy.plugins.allow`, where `*` stands for any text. */
import type { BackendConfig } from '../config/config-types.ts';
import { modelportError } from '../errors/modelport-error.ts';
import type { LoadedConfig } from '../flow/config.ts';

/** Throws PLUGIN_NOT_ALLOWED for a package name, or a path as written, that no pattern of the policy fits. */
export function checkAllowed(plugin: string, { from }: BackendConfig, { config, origin }: LoadedConfig): void {
  const allowed = config.policy.plugins.allow;
  if (allowed.some((pattern) => fits(plugin, pattern))) return;
  const place = origin(['policy', 'plugins', 'allow']);
  const policyFrom = place?.file === undefined ? undefined : `${place.file}${place.line === undefined ? '' : `:${place.line}`}`;
  throw modelportError('PLUGIN_NOT_ALLOWED', { plugin, from, allowed, policyFrom }, { plugin });
}

function fits(plugin: string, pattern: string): boolean {
  const source = pattern.split('*').map((text) => text.replaceAll(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`)).join('.*');
  return new RegExp(`^${source}$`, 's').test(plugin);
}
