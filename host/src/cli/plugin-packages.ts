/** The plugins behind the backends: backends that share a package folder are one plugin. */
import type { BackendDescription } from '@modelport/host';

/** One package, with the backends that use it. */
export interface PluginPackage {
  /** As the config names it. */
  readonly plugin: string;
  readonly version: string | undefined;
  readonly folder: string | undefined;
  readonly resolvedFrom: BackendDescription['resolvedFrom'];
  /** Contract range of its manifest. */
  readonly api: string | undefined;
  readonly provides: readonly string[];
  /** Milliseconds its import took; absent while nothing was imported. */
  readonly importMs: number | undefined;
  readonly backends: readonly BackendDescription[];
}

/** Groups backends by real folder; what was not found is grouped by the name that was asked for. */
export function pluginPackages(backends: readonly BackendDescription[]): readonly PluginPackage[] {
  return [...Map.groupBy(backends, ({ plugin, folder }) => folder ?? plugin).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { plugin, version, folder, resolvedFrom, api, provides, importMs } = first;
    return [{ plugin, version, folder, resolvedFrom, api, provides, importMs, backends: group }];
  });
}
