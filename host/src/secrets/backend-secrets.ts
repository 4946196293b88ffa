/** The secrets of one backend: which it may ask for, where each is sought, and the values its plugin is handed. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CallError, type Manifest, type ManifestSecret, type Secret } from '@modelport/plugin-api';
import type { BackendConfig } from '../config/config-types.ts';
import { expandPath } from '../config/expand-path.ts';
import { modelportError, type ModelportError } from '../errors/modelport-error.ts';
import type { Redactor } from './redact.ts';
import { DeclaredHosts } from '../http/declared-hosts.ts';
import { configuredCredentials } from './configured-credentials.ts';
import { resolveSecret, type SecretReference } from './secret-reference.ts';

/** One secret of a backend, without its value. */
export interface SecretStatus {
  readonly name: string;
  readonly required: boolean;
  readonly present: boolean;
  /** Where it was sought, in order: `env OPENAI_API_KEY`, `file ~/.keys/eu`. */
  readonly sought: readonly string[];
  /** A doubt worth telling: a key file that others may read. */
  readonly warning?: string;
}

/** The resolved secrets of one generation. */
export interface BackendSecrets {
  /** The secret of that name, or `undefined` when neither manifest nor config knows it. */
  get(name: string): Secret | undefined;
  readonly status: readonly SecretStatus[];
  /** SECRET_MISSING for the first required secret that has no value. */
  readonly missing?: ModelportError | undefined;
}

/** What resolving needs to know. */
export interface SecretSurroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly redactor: Redactor;
  readonly trusted: boolean;
  /** False = look at variables and files only and run no command; such a secret then counts as present. */
  readonly runCommands: boolean;
}

/** What of a manifest matters here; `synthetic` = it stands in for one the package does not have. */
type SecretManifest = Pick<Manifest, 'secrets' | 'permissions'> & { readonly synthetic?: boolean };

/** Looks up every secret the manifest declares and the config names. Values are remembered for redaction. Throws nothing for a missing one. */
export async function resolveBackendSecrets(config: BackendConfig, manifest: SecretManifest | undefined, surroundings: SecretSurroundings): Promise<BackendSecrets> {
  for (const [name, value] of configuredCredentials(config)) surroundings.redactor.add(name, value);
  const resolved = new Map<string, Secret>();
  const status: SecretStatus[] = [];
  let missing: ModelportError | undefined;
  for (const declared of declaredSecrets(config, manifest)) {
    const path = `${config.declaredBy}.${config.name}.secrets.${declared.name}`;
    const sought: string[] = [];
    let value: string | undefined;
    let assumed = false;
    let warning: string | undefined;
    for (const reference of referencesOf(config, declared)) {
      if ('command' in reference && !surroundings.runCommands) {
        sought.push('command');
        assumed = true;
        break;
      }
      const outcome = await resolveSecret(reference, { environment: surroundings.environment, folder: config.from.folder, name: declared.name, trusted: surroundings.trusted });
      sought.push(...outcome.sought);
      warning ??= outcome.warning;
      if (outcome.present && outcome.value) {
        value = outcome.value.reveal();
        break;
      }
    }
    if (value !== undefined) surroundings.redactor.add(declared.name, value);
    const required = isRequired(config, declared);
    const present = value !== undefined || assumed;
    status.push({ name: declared.name, required, present, sought, ...(warning === undefined ? {} : { warning }) });
    resolved.set(declared.name, toSecret(declared, value, path, sought));
    if (!present && required) missing ??= modelportError('SECRET_MISSING', { backend: config.name, secret: declared.name, path, sought, obtain: declared.obtain }, { backend: config.name, plugin: config.plugin });
  }
  return { get: (name) => resolved.get(name), status, missing };
}

/** Hashes of the secrets' values, for the identity of a backend. A command is hashed as text: it runs at first use, not to find out. */
export async function secretFingerprints(config: BackendConfig, manifest: SecretManifest | undefined, environment: NodeJS.ProcessEnv): Promise<Readonly<Record<string, string>>> {
  const prints: Record<string, string> = {};
  for (const declared of declaredSecrets(config, manifest)) {
    const values = await Promise.all(referencesOf(config, declared).map((reference) => rawValue(reference, config.from.folder, environment)));
    prints[declared.name] = createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 24);
  }
  return prints;
}

/**
 * Every secret of a backend: the manifest's, then those only the config names. The variables of a manifest hold keys for the vendor's own
 * hosts: a backend that was pointed at another server gets, and needs, only what the config names for it. A wrapped package still needs its
 * key there: without one it would look for its own variable and send that.
 */
function declaredSecrets(config: BackendConfig, manifest: SecretManifest | undefined): ManifestSecret[] {
  const elsewhere = isElsewhere(config, manifest);
  const declared = (manifest?.secrets ?? []).map((secret) => (elsewhere ? { ...secret, env: [], required: manifest?.synthetic === true && secret.required === true } : secret));
  for (const name of Object.keys(config.secrets)) {
    if (!declared.some((secret) => secret.name === name)) declared.push({ name });
  }
  return declared;
}

/** Whether a URL the user wrote leads away from every host the manifest names. */
function isElsewhere({ options }: BackendConfig, manifest: SecretManifest | undefined): boolean {
  const net = manifest?.permissions?.net ?? [];
  const named = net.filter((host) => !host.startsWith('option:'));
  const own = new DeclaredHosts(named);
  const written = net.filter((host) => host.startsWith('option:')).map((host) => options[host.slice('option:'.length)]);
  return named.length > 0 && written.some((url) => typeof url === 'string' && URL.canParse(url) && !own.has(new URL(url)));
}

function referencesOf(config: BackendConfig, declared: ManifestSecret): SecretReference[] {
  const configured = config.secrets[declared.name];
  return configured === undefined ? (declared.env ?? []).map((env) => ({ env })) : [configured];
}

function isRequired(config: BackendConfig, declared: ManifestSecret): boolean {
  const configured = config.secrets[declared.name];
  if (configured?.optional === true) return false;
  // A reference the user wrote is meant: its absence is told, even where the plugin could do without.
  return declared.required === true || configured !== undefined;
}

function toSecret(declared: ManifestSecret, value: string | undefined, path: string, sought: readonly string[]): Secret {
  const shown = `[secret ${declared.name}]`;
  return Object.freeze({
    name: declared.name,
    present: value !== undefined,
    reveal: (): string => {
      if (value !== undefined) return value;
      throw new CallError('AUTH_MISSING', `The secret ${declared.name} is not set (${path}); sought in ${sought.join(', ') || 'no source'}.`, { retryable: false });
    },
    toString: () => shown,
    toJSON: () => shown,
    [Symbol.for('nodejs.util.inspect.custom')]: () => shown,
  });
}

async function rawValue(reference: SecretReference, folder: string, environment: NodeJS.ProcessEnv): Promise<unknown> {
  if ('env' in reference) return environment[reference.env] ?? null;
  if ('file' in reference) return readFile(expandPath(reference.file, folder), 'utf8').catch(() => null);
  if ('literal' in reference) return reference.literal.reveal();
  return reference;
}
