/** The plugin under test: found, its manifest read, its module taken, by the host's own steps. */
import { readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Capability, JsonObject, Manifest, Plugin, PluginModule } from '@modelport/plugin-api';
import { commonMajors, discoverPackage, loadPlugin, pluginOf, readManifest, readOptionSchema, type FoundPackage } from '@modelport/host/conformance';
import { NotConforming, type Claim } from './case.ts';
import type { ConformanceDeclaration } from './declaration.ts';
import type { Transcript } from './transcripts.ts';

/** What is tested. */
export interface SubjectOptions {
  /** Folder of the plugin's package: its package.json holds the manifest. */
  readonly folder: string;
  /** The default export of its module. Default: imported from the folder as a host would. */
  readonly plugin?: PluginModule;
  /** What its author says about it. Default: nothing beyond the manifest. */
  readonly declaration?: ConformanceDeclaration;
  /** Conversations that other plugins had, each fed to this one. Default: those in `foreignTranscripts`. */
  readonly transcripts?: readonly Transcript[];
}

/** The plugin under test. A step that failed is kept: the cases of loading tell it, all others fail with it. */
export class Subject {
  readonly folder: string;
  readonly declaration: ConformanceDeclaration;
  readonly transcripts: readonly Transcript[] | undefined;
  readonly #given: PluginModule | undefined;
  #opened: Promise<OpenedPlugin> | undefined;

  constructor({ folder, plugin, declaration = {}, transcripts }: SubjectOptions) {
    this.folder = realpathSync.native(resolve(folder));
    this.declaration = declaration;
    this.transcripts = transcripts;
    this.#given = plugin;
  }

  /** Package and manifest; throws what the host throws for them. */
  async read(): Promise<ReadPlugin> {
    const from = { file: this.folder, folder: this.folder };
    const found = await discoverPackage({ plugin: this.folder, from });
    const manifest = await readManifest(found, from);
    return { found, manifest, schema: schemaOf(manifest, found.folder) };
  }

  /** Package, manifest and module; throws what the host throws for them. */
  open(): Promise<OpenedPlugin> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<OpenedPlugin> {
    const read = await this.read();
    if (this.#given === undefined) return { ...read, plugin: (await loadPlugin(read.found, read.manifest)).plugin };
    const taken = pluginOf({ default: this.#given }, commonMajors(read.manifest.api));
    if ('reason' in taken) throw new NotConforming(taken.reason);
    return { ...read, plugin: taken.plugin };
  }

  /** Name and version as the package says them, for a report; the folder where it cannot be read. */
  label(): { readonly name: string; readonly version: string } {
    try {
      const { name = this.folder, version = '0.0.0' } = JSON.parse(readFileSync(resolve(this.folder, 'package.json'), 'utf8')) as { readonly name?: string; readonly version?: string };
      return { name, version };
    } catch {
      return { name: this.folder, version: '0.0.0' };
    }
  }

  /** What is claimed: the manifest's words, the declared capabilities, and `wire` where the manifest declares hosts. */
  claims(manifest: Manifest | undefined, described: readonly Capability[] = []): ReadonlySet<Claim> {
    if (manifest === undefined) return new Set();
    const hosts = manifest.permissions?.net ?? [];
    const provided = manifest.provides.map((word) => (word === 'tools' ? 'tool-source' : word));
    return new Set<Claim>([...provided, ...(this.declaration.chat?.capabilities ?? []), ...described, ...(hosts.length > 0 ? (['wire'] as const) : [])]);
  }
}

/** A package whose manifest was read. */
export interface ReadPlugin {
  readonly found: FoundPackage;
  readonly manifest: Manifest;
  /** The static schema of the options. Absent = the manifest names none. */
  readonly schema: JsonObject | undefined;
}

/** A plugin ready to start. */
export interface OpenedPlugin extends ReadPlugin {
  readonly plugin: Plugin;
}

function schemaOf(manifest: Manifest, folder: string): JsonObject | undefined {
  if (manifest.options === undefined) return undefined;
  const read = readOptionSchema(manifest.options, folder);
  if ('problem' in read) throw new NotConforming(read.problem);
  return read.schema;
}
