/** Which hosts a backend may reach: those its manifest and the config declare, and those of the URLs the user wrote. */
import type { HostGrant } from '../http/host-policy.ts';
import type { BackendPlan } from './plan.ts';

/** The grant of a plan. */
export function networkGrant(plan: BackendPlan): Required<HostGrant> {
  return { backend: plan.name, plugin: plan.plugin, allowedHosts: allowedHosts(plan), configuredUrls: configuredUrls(plan) };
}

/** Hosts the manifest or the config declares; `undeclared` (any public host) for a package that declares nothing at all. */
function allowedHosts({ manifest, config, code, target }: BackendPlan): readonly string[] {
  const declared = [...(manifest?.permissions?.net ?? []), ...config.permissions.net].filter((host) => !host.startsWith('option:'));
  return declared.length === 0 && (code !== undefined || target !== undefined) ? ['undeclared'] : declared;
}

/** URLs the user wrote into options that the manifest names as `option:<name>`: allowed by having been written. */
function configuredUrls({ manifest, config, code, target }: BackendPlan): readonly string[] {
  const named = (manifest?.permissions?.net ?? []).filter((host) => host.startsWith('option:')).map((host) => host.slice('option:'.length));
  const names = code !== undefined || target !== undefined ? Object.keys(config.options) : named;
  return names.map((name) => config.options[name]).filter((value): value is string => typeof value === 'string' && URL.canParse(value));
}
