/** The state of a host as plain data: what was found, what serves, what does not and why. */
import type { AskedFrom } from '../errors/catalogue.ts';
import type { Registered } from '../container/container.ts';
import type { ModelportError } from '../errors/modelport-error.ts';
import { importRecord } from '../flow/plugin.ts';
import { resolveBackendSecrets, type SecretStatus } from '../secrets/backend-secrets.ts';
import type { BackendState } from './backend.ts';
import type { Backend } from './backend.ts';
import type { BackendPlan } from './plan.ts';
import type { Runtime } from './runtime.ts';

/** One backend. */
export interface BackendDescription {
  /** Key under `backends:` or `tools:`. */
  readonly name: string;
  /** Package name as configured; `given-in-code` for a plugin given in code. */
  readonly plugin: string;
  readonly version: string | undefined;
  /** Real folder of the package. */
  readonly folder: string | undefined;
  /** By which rule, and in which folder, it was found. */
  readonly resolvedFrom: { readonly how: string; readonly folder: string } | undefined;
  /** Contract range of the manifest. */
  readonly api: string | undefined;
  readonly provides: readonly string[];
  readonly state: BackendState;
  /** Why it does not serve, or serves with old options. */
  readonly failure: { readonly code: string; readonly message: string; readonly remedy: string; readonly since: string } | undefined;
  /** Number of the serving generation. */
  readonly generation: number | undefined;
  /** Calls under way on it. */
  readonly leases: number;
  /** Generations that finish their last calls. */
  readonly draining: number;
  /** Time the import of the package took, in milliseconds; absent while nothing was imported. */
  readonly importMs: number | undefined;
  readonly secrets: readonly SecretStatus[];
  /** Where the config names it. */
  readonly from: AskedFrom;
}

/** A whole host. */
export interface HostDescription {
  readonly files: readonly string[];
  readonly profiles: readonly string[];
  readonly backends: readonly BackendDescription[];
  /** Aliases with their targets as `model@backend`, in order. */
  readonly models: readonly { readonly name: string; readonly targets: readonly string[] }[];
  readonly tools: readonly string[];
  readonly agents: readonly string[];
  /** What the container holds, with owners. */
  readonly tokens: readonly Registered[];
}

/** Describes a host. Runs no code of any plugin and no secret command. */
export async function describeHost(runtime: Runtime, tokens: readonly Registered[]): Promise<HostDescription> {
  const { snapshot } = runtime;
  return {
    files: snapshot.loaded.files,
    profiles: snapshot.loaded.profiles,
    backends: await Promise.all(runtime.backends.map((backend) => describeBackend(backend, runtime))),
    models: [...snapshot.aliases.values()].map(({ name, targets }) => ({ name, targets: targets.map(({ model, backend }) => `${model}@${backend}`) })),
    tools: Object.keys(snapshot.config.tools),
    agents: Object.keys(snapshot.config.agents),
    tokens,
  };
}

async function describeBackend(backend: Backend, { services }: Runtime): Promise<BackendDescription> {
  const { plan, state, failure, generation, draining } = backend;
  const { found, manifest, config } = plan;
  const secrets = await resolveBackendSecrets(config, manifest, { environment: services.environment, redactor: services.redactor, trusted: plan.trusted, runCommands: false });
  return {
    name: plan.name,
    plugin: plan.plugin,
    version: found?.version,
    folder: found?.folder,
    resolvedFrom: found && { how: found.how, folder: found.resolvedFrom },
    api: manifest?.api,
    provides: manifest?.provides ?? [],
    // A missing required secret is known before anything starts.
    state: state === 'idle' && secrets.missing ? 'needs-secret' : state,
    failure: failure ? failureOf(failure.error, failure.since) : state === 'idle' && secrets.missing ? failureOf(secrets.missing, noticed(plan)) : undefined,
    generation: generation?.number,
    leases: generation?.leases ?? 0,
    draining,
    importMs: found && importRecord(found)?.tookMs,
    secrets: secrets.status,
    from: { file: config.from.file, line: config.from.line },
  };
}

/** When a plan that was never tried was first seen to lack a secret. */
const firstNoticed = new WeakMap<BackendPlan, Date>();

function noticed(plan: BackendPlan): Date {
  const since = firstNoticed.get(plan) ?? new Date();
  firstNoticed.set(plan, since);
  return since;
}

function failureOf({ code, message, remedy }: ModelportError, since: Date): BackendDescription['failure'] {
  return { code, message, remedy, since: since.toISOString() };
}
