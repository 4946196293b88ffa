/** The config as the host works with it: merged, checked, filled in and frozen. */
import type { JsonObject } from '@modelport/plugin-api';
import type { z } from 'zod';
import type { SecretReference } from '../secrets/secret-reference.ts';
import type { CallPolicy } from './calls-schema.ts';
import type { modelFactsSchema } from './provider-schema.ts';
import type { requestDefaultsSchema } from './request-defaults-schema.ts';
import type { agentSchema, CheckedInput } from './schema.ts';

export type { SecretReference } from '../secrets/secret-reference.ts';

/** Who named a plugin, and from which folder its name is looked up. */
export interface NamedBy {
  /** Absolute path of the file that wrote the winning `plugin:` value; for values of code, flags and variables the working folder. */
  readonly file: string;
  readonly folder: string;
  readonly line?: number;
}

/** Facts about one model, by the user. */
export type ModelFacts = z.output<typeof modelFactsSchema>;

/** One configured instance of one plugin. */
export interface BackendConfig {
  readonly name: string;
  /** Package name, or a path as written; without a range. */
  readonly plugin: string;
  readonly range?: string;
  readonly adapter?: string;
  readonly export?: string;
  readonly preset?: string;
  readonly enabled: boolean;
  readonly eager: boolean;
  readonly options: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, SecretReference>>;
  readonly permissions: { readonly net: readonly string[]; readonly env: readonly string[]; readonly files: readonly string[] };
  readonly models: Readonly<Record<string, ModelFacts>>;
  readonly calls?: CallPolicy;
  readonly from: NamedBy;
  /** `tools` = declared by the shorthand `tools.<name>.plugin`. */
  readonly declaredBy: 'backends' | 'tools';
}

/** One name for one or more targets. */
export interface AliasConfig {
  readonly name: string;
  /** Specs or alias names, in the order they are tried. */
  readonly targets: readonly string[];
  readonly defaults: z.output<typeof requestDefaultsSchema>;
  readonly instructions?: string;
  readonly calls?: CallPolicy;
}

/** One source of tools. */
export interface ToolConfig {
  readonly name: string;
  /** The backend that offers them; with the shorthand, the one of the same name. */
  readonly backend: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly prefix?: string;
}

/** One agent. */
export type AgentConfig = z.output<typeof agentSchema> & { readonly name: string };

/** Values shared by the backends that name the preset. */
export interface PresetConfig {
  readonly plugin?: string;
  readonly options: JsonObject;
  readonly secrets: Readonly<Record<string, SecretReference>>;
}

/** The whole config, deeply frozen. */
export interface Config extends Readonly<Pick<CheckedInput, 'calls' | 'budgets' | 'http' | 'store' | 'telemetry' | 'reload' | 'streams' | 'log' | 'policy'>> {
  readonly backends: Readonly<Record<string, BackendConfig>>;
  readonly models: Readonly<Record<string, AliasConfig>>;
  readonly presets: Readonly<Record<string, PresetConfig>>;
  readonly tools: Readonly<Record<string, ToolConfig>>;
  readonly agents: Readonly<Record<string, AgentConfig>>;
  readonly state: { /** Absolute; absent = the default place. */ readonly folder?: string };
}
