/** A package that discovery found: where it really lies and what its package.json says, before any of its code runs. */

/** Which place of the search held a package. */
export type FoundBy = 'path' | 'node_modules' | 'plugin-folder' | 'store' | 'global' | 'pnp';

/** A copy that the search passed over, because its version is outside the range that was asked for. */
export interface SkippedPackage {
  readonly folder: string;
  readonly version: string;
}

/** A package on disk. Its identity is `folder` and `version`: two folders are two plugins, whatever their name. */
export interface FoundPackage {
  /** `name` of its package.json; the asked name where that has none. */
  readonly name: string;
  /** `version` of its package.json; `0.0.0` where that has none. */
  readonly version: string;
  /** Its real folder, every link followed. */
  readonly folder: string;
  /** Absolute path of its package.json, in `folder`. */
  readonly packageFile: string;
  /** Parsed package.json. */
  readonly packageJson: Readonly<Record<string, unknown>>;
  /** The place of the search that held it. */
  readonly how: FoundBy;
  /** The folder in which the search met it: a `node_modules`, a plugin folder, or the folder of the file that wrote `./path`. */
  readonly resolvedFrom: string;
  /** Whether it is a link to a folder outside any `node_modules`, as `npm link` and workspaces make. */
  readonly linked: boolean;
  /** Copies passed over on the way, nearest first; absent when there were none. */
  readonly skipped?: readonly SkippedPackage[];
}
