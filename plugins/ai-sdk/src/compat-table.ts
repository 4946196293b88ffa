/** What is known of AI SDK packages before they run, as data: `compat.json` beside this package's sources, each row open to the config. */
import { readFile } from 'node:fs/promises';
import type { JsonObject } from '@modelport/plugin-api';
import { fieldsOf } from './specification.ts';
import type { ModelKind } from './find-model.ts';

/** Settings of a request the specification, or an older version of it, has no word for. */
export type RequestField = 'parallelToolCalls' | 'logitBias' | 'topLogprobs' | 'user' | 'reasoning' | 'dimensions';

/** How an endpoint lists its models. */
export interface ModelList {
  /** Path below the base URL. */
  readonly path: string;
  /** Member of the answer that holds the models. Default: `data`. */
  readonly items?: string;
  /** Member of an item that holds the id. Default: `id`. */
  readonly id?: string;
  /** How the key travels. Default: `bearer`. */
  readonly key?: 'bearer' | 'x-api-key' | 'x-goog-api-key' | 'none';
  /** Headers sent with it. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is known of one package. Every member may be given as `compat` in the options of a backend, and wins there. */
export interface CompatRow {
  /** The function that makes a provider. Default: found by the rules of `chooseFactory`. */
  readonly export?: string;
  /** What kinds of model to offer. Default: those the provider has a way to. */
  readonly kinds?: readonly ModelKind[];
  /** Settings the factory gets where the options do not give them; a base URL here keeps the package from looking for its variable. */
  readonly defaults?: JsonObject;
  /** The setting each secret is passed as. Default: the secret's own name. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The member that gives models of a kind, where the first one found is not what is meant. */
  readonly access?: Readonly<Partial<Record<ModelKind, string>>>;
  /** Where requests go whatever the settings say. With it, `baseURL` in the options is honoured by the bridge. */
  readonly fixedUrl?: string;
  /** Where the package takes settings that its version of the specification has no word for, as `dialect.field`, or deeper. */
  readonly fields?: Readonly<Partial<Record<RequestField, string>>>;
  /** Words of its own version of the specification that the package does not read: they go by `fields`, or become a warning. */
  readonly ignores?: readonly RequestField[];
  /** Whether the package takes a file that is given as text. Default false: its text is sent as text. */
  readonly textFiles?: boolean;
  /** Whether the package takes bytes only as base64. Default false. */
  readonly base64Files?: boolean;
  /** How the endpoint lists its models. Default: only a package that lists them itself does. */
  readonly list?: ModelList;
}

/** Key of the row for packages that have none of their own. */
export const ANY_PACKAGE = '*';

let table: Promise<Readonly<Record<string, CompatRow>>> | undefined;

/** The whole table, read once. */
export function readCompatTable(): Promise<Readonly<Record<string, CompatRow>>> {
  return (table ??= readFile(new URL('../compat.json', import.meta.url), 'utf8').then((text) => (JSON.parse(text) as { readonly packages: Readonly<Record<string, CompatRow>> }).packages));
}

/** What holds for a package: its row, and over it what the config says. `known` tells whether it has a row of its own. */
export async function compatRow(packageName: string, overrides: unknown): Promise<CompatRow & { readonly known: boolean }> {
  const rows = await readCompatTable();
  const row = Object.hasOwn(rows, packageName) ? rows[packageName] : undefined;
  return { ...(row ?? rows[ANY_PACKAGE]), ...(fieldsOf(overrides) as CompatRow), known: row !== undefined };
}
