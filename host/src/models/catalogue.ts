/** The catalogue that comes with the host: facts of well-known models by the vendor that serves them, from `catalogue.json`. */
import { readFileSync } from 'node:fs';
import type { ModelInfo, Price } from '@modelport/plugin-api';
import type { BackendPlan } from '../lifecycle/plan.ts';

/** A price of the catalogue. */
export interface CataloguePrice extends Price {
  /** Requests of more input tokens cost more, how much is not said: their price is unknown. Absent = one price for all. */
  readonly upToInputTokens?: number;
}

/** What the catalogue says of a model. */
export type CatalogueModel = Omit<ModelInfo, 'id' | 'price'> & { readonly price?: CataloguePrice };

/** One vendor with its models. */
export interface CatalogueVendor {
  /** For people. */
  readonly title: string;
  /** Hosts of its API: only there its names, limits and prices hold. */
  readonly hosts: readonly string[];
  /** By the vendor's own model id. */
  readonly models: Readonly<Record<string, CatalogueModel>>;
}

interface Catalogue {
  /** Day everything in it was read. */
  readonly readOn: string;
  /** Where it was read. */
  readonly sources: readonly string[];
  readonly vendors: Readonly<Record<string, CatalogueVendor>>;
}

let catalogue: Catalogue | undefined;
let byHost: Map<string, CatalogueVendor> | undefined;

/** The whole catalogue, read with the first call. */
export function readCatalogue(): Catalogue {
  catalogue ??= JSON.parse(readFileSync(new URL('../../catalogue.json', import.meta.url), 'utf8')) as Catalogue;
  return catalogue;
}

/** The vendor a backend reaches, by the host of the address it is configured with, else of its manifest; `undefined` = none that is known. */
export function vendorOf(plan: BackendPlan): CatalogueVendor | undefined {
  byHost ??= new Map(Object.values(readCatalogue().vendors).flatMap((vendor) => vendor.hosts.map((host) => [host, vendor] as const)));
  for (const host of hostsOf(plan)) {
    const vendor = byHost.get(host);
    if (vendor !== undefined) return vendor;
  }
  return undefined;
}

/** Hosts of the URLs the user wrote into the options that the manifest names; where there are none, the manifest's own hosts. */
function hostsOf({ manifest, config }: BackendPlan): readonly string[] {
  const net = manifest?.permissions?.net ?? [];
  const written = net.filter((host) => host.startsWith('option:')).map((host) => config.options[host.slice('option:'.length)]);
  const urls = written.filter((url): url is string => typeof url === 'string' && URL.canParse(url));
  return urls.length > 0 ? urls.map((url) => new URL(url).hostname) : net.filter((host) => !host.startsWith('option:'));
}
