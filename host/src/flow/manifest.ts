/** Step 3: from package.json to a checked manifest: contract, Node version and static options, all before any code of the plugin runs. */
import type { JsonObject, Manifest } from '@modelport/plugin-api';
import major from 'semver/functions/major.js';
import satisfies from 'semver/functions/satisfies.js';
import type { AskedFrom, PackageDetails } from '../errors/catalogue.ts';
import { modelportError } from '../errors/modelport-error.ts';
import { commonMajors, OFFERED_CONTRACTS, refusedRange } from '../packages/contract-range.ts';
import type { FoundPackage } from '../packages/found-package.ts';
import { parseManifest, parseTarget } from '../packages/manifest-schema.ts';
import { findOptionFaults } from '../packages/option-faults.ts';
import { optionProblems, type OptionsOwner } from '../packages/option-problems.ts';
import { readOptionSchema, readPackageJson } from '../packages/option-schema.ts';
import { type PluginManifest, syntheticManifest } from '../packages/plugin-manifest.ts';
import { reasonOf } from '../packages/thrown-reason.ts';

export type { PluginManifest } from '../packages/plugin-manifest.ts';

/** The format of manifests this host reads. */
const MANIFEST_FORMAT = 1 as const;

/** What may help or change the reading of a manifest. */
export interface ManifestSettings {
  /** The backend's `adapter:`. With one, a package without a manifest gets a stand-in instead of MANIFEST_MISSING. */
  readonly adapter?: string | undefined;
  /** Version of Node to check `node` against. Default: the running one. */
  readonly nodeVersion?: string | undefined;
}

/**
 * Reads the manifest of a found package. Throws MANIFEST_MISSING, MANIFEST_TOO_NEW, MANIFEST_INVALID (every problem at once; a contract
 * range such as `*` is one), API_MISMATCH and NODE_MISMATCH.
 */
export async function readManifest(found: FoundPackage, from: AskedFrom, settings: ManifestSettings = {}): Promise<PluginManifest> {
  const { modelport: written } = found.packageJson as { readonly modelport?: unknown };
  const details = packageDetails(found);
  if (written === undefined) {
    if (settings.adapter !== undefined) return syntheticManifest(found.name, major(OFFERED_CONTRACTS[0] ?? '1.0.0'));
    throw modelportError('MANIFEST_MISSING', details, { plugin: found.name });
  }
  const format = formatOf(written);
  if (format > MANIFEST_FORMAT) throw modelportError('MANIFEST_TOO_NEW', { ...details, wants: format, offers: MANIFEST_FORMAT }, { plugin: found.name });
  const parsed = parseManifest(written);
  const problems = 'problems' in parsed ? [...parsed.problems] : [];
  const range = typeof written === 'object' && written !== null && 'api' in written ? written.api : undefined;
  const refused = typeof range === 'string' ? refusedRange(range) : undefined;
  if (refused) problems.push(`modelport.api: ${refused}`);
  if ('problems' in parsed || problems.length > 0) throw modelportError('MANIFEST_INVALID', { ...details, file: found.packageFile, problems }, { plugin: found.name });
  const { manifest: _format, node, docs, models, options, dialect, secrets, adapts, ...manifest } = parsed.manifest;
  if (commonMajors(manifest.api).length === 0) throw apiMismatch(found, manifest.api, from);
  const running = settings.nodeVersion ?? process.versions.node;
  if (node !== undefined && !satisfies(running, node, { includePrerelease: true })) throw modelportError('NODE_MISMATCH', { ...details, wants: node, running }, { plugin: found.name });
  return {
    ...manifest,
    manifest: MANIFEST_FORMAT,
    secrets: secrets.map(({ obtain, ...secret }) => ({ ...secret, ...(obtain !== undefined && { obtain }) })),
    dialect: dialect ?? manifest.id,
    synthetic: false,
    ...(options !== undefined && { options }),
    ...(node !== undefined && { node }),
    ...(docs !== undefined && { docs }),
    ...(models !== undefined && { models }),
    ...(adapts !== undefined && { adapts }),
  };
}

/**
 * The manifest of a package that has none, made of the adapter's and of what the adapter's table says of the package. `provides` is empty:
 * it is seen at activation. An adapter without a table speaks for itself alone. Throws MANIFEST_INVALID for a table that cannot be read.
 */
export function readTargetManifest(adapter: FoundPackage, manifest: PluginManifest, target: FoundPackage): PluginManifest {
  if (manifest.adapts === undefined) return manifest;
  const invalid = (problems: readonly string[]): Error => modelportError('MANIFEST_INVALID', { ...packageDetails(adapter), file: adapter.packageFile, problems }, { plugin: adapter.name });
  const read = readPackageJson(manifest.adapts, adapter.folder, 'adapts');
  if ('problem' in read) throw invalid([read.problem]);
  const { packages } = read.json as { readonly packages?: Readonly<Record<string, unknown>> };
  const name = Object.hasOwn(packages ?? {}, target.name) ? target.name : '*';
  const parsed = parseTarget(packages?.[name] ?? {}, `${manifest.adapts} ${name}`);
  if ('problems' in parsed) throw invalid(parsed.problems);
  const { secrets, permissions } = parsed.target;
  const { adapts: _adapts, ...rest } = manifest;
  return {
    ...rest, permissions, provides: [], synthetic: true, id: syntheticManifest(target.name, 1).id,
    secrets: [...manifest.secrets, ...secrets.map(({ obtain, ...secret }) => ({ ...secret, ...(obtain !== undefined && { obtain }) }))],
  };
}

/** Whose options to check against the static schema. */
export interface OptionsCheck extends OptionsOwner {
  /** Name of the plugin as the config writes it. */
  readonly plugin: string;
  readonly options: JsonObject;
  readonly manifest: Pick<Manifest, 'options'>;
  readonly found: FoundPackage;
}

/**
 * Checks a backend's options against the plugin's static schema, before import. Without a static schema nothing is checked here. Throws
 * OPTIONS_INVALID with every problem at once, and MANIFEST_INVALID when the schema itself is absent, outside the package or broken.
 */
export async function checkOptions(check: OptionsCheck): Promise<void> {
  const { backend, plugin, options, manifest, found } = check;
  if (manifest.options === undefined) return;
  const blame = (problem: string): Error => modelportError('MANIFEST_INVALID', { ...packageDetails(found), file: found.packageFile, problems: [problem] }, { plugin: found.name, backend });
  const read = readOptionSchema(manifest.options, found.folder);
  if ('problem' in read) throw blame(read.problem);
  const faults = await findOptionFaults(read.schema, options).catch((error: unknown) => {
    throw blame(`modelport.options: is no usable JSON Schema: ${reasonOf(error)}`);
  });
  if (faults.length > 0) throw modelportError('OPTIONS_INVALID', { backend, plugin, problems: optionProblems(faults, check) }, { plugin: found.name, backend });
}

/** Names no newer version: boot asks no registry. The command line looks one up where it tells of the mismatch. */
function apiMismatch(found: FoundPackage, wants: string, from: AskedFrom): Error {
  return modelportError('API_MISMATCH', { ...packageDetails(found), file: found.packageFile, wants, offers: OFFERED_CONTRACTS, from }, { plugin: found.name });
}

function formatOf(written: unknown): number {
  const format = typeof written === 'object' && written !== null ? (written as { readonly manifest?: unknown }).manifest : undefined;
  return typeof format === 'number' && Number.isInteger(format) ? format : 0;
}

function packageDetails({ name, version, folder }: FoundPackage): PackageDetails {
  return { plugin: name, version, folder };
}
