/** A plugin's manifest as the host uses it: checked, with its defaults filled in. */
import type { Manifest, ManifestPermissions, ManifestSecret } from '@modelport/plugin-api';

/** The checked `modelport` key of a package.json, or the stand-in for a package that has none and is loaded through an adapter. */
export interface PluginManifest extends Manifest {
  readonly secrets: readonly (ManifestSecret & Required<Pick<ManifestSecret, 'env' | 'required'>>)[];
  readonly permissions: Required<ManifestPermissions>;
  readonly dialect: string;
  /**
   * Whether this stands in for a manifest the package does not have. Then `provides` is empty and seen at activation, and
   * `permissions.net` says nothing: the package did not declare its hosts.
   */
  readonly synthetic: boolean;
}

/** The stand-in for a package without a manifest, loaded through an adapter. */
export function syntheticManifest(packageName: string, major: number): PluginManifest {
  const id = packageName.toLowerCase().replace(/^@/, '').replace(/[^a-z0-9-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return {
    manifest: 1, id, api: `^${major}.0.0`, provides: [], secrets: [], dialect: id, synthetic: true,
    permissions: { net: [], env: [], files: [], spawn: [] },
  };
}
