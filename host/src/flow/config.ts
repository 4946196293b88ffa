/** Step 1, config: from a file (or values in code) to one checked, frozen `Config`, with every problem told at once. */
import { resolve } from 'node:path';
import { askedProfiles, applyProfiles, takeProfiles } from '../config/profiles.ts';
import { buildConfig } from '../config/build-config.ts';
import { checkNames } from '../config/check-names.ts';
import { explainIssues } from '../config/explain-issue.ts';
import { findConfig } from '../config/find-config.ts';
import { interpolate } from '../config/interpolate.ts';
import { emptyMap, placeValue, problemAt, toPlain, type ConfigPath, type MapNode, type Origin } from '../config/layer-node.ts';
import { findLiteralSecrets } from '../config/literal-secrets.ts';
import { dropNulls, mergeLayers } from '../config/merge.ts';
import { findOrigin } from '../config/find-origin.ts';
import { environmentLayer, flagLayer } from '../config/override-layers.ts';
import { applyPresets } from '../config/presets.ts';
import { markProfiles, readCodeLayers, readFileLayers, type ReadLayers } from '../config/read-layers.ts';
import type { Config } from '../config/config-types.ts';
import { configSchema, type CheckedInput, type ConfigInput } from '../config/schema.ts';
import { problemsOfProfile, sortProblems } from '../config/sort-problems.ts';
import { findNotYet } from '../config/not-yet.ts';
import { validKeysAt } from '../config/valid-keys.ts';
import type { ConfigProblem } from '../errors/config-problem.ts';
import { modelportError } from '../errors/modelport-error.ts';

export type { Origin } from '../config/layer-node.ts';
export { describeConfig, listOrigins, type OriginEntry } from '../config/describe-config.ts';
export { findConfig, searchPlaces, type FoundConfig } from '../config/find-config.ts';

/** What a config is read from. */
export interface ConfigSource {
  /** The file, as `--config` names it; wins over MODELPORT_CONFIG and over the search. */
  readonly file?: string;
  /** Where the search begins and relative names are read from. Default: the working folder of the process. */
  readonly cwd?: string;
  /** As `--profile` gives them; an entry may hold several, divided by commas. None = MODELPORT_PROFILE. */
  readonly profiles?: readonly string[];
  /** As `--set` gives them: `path=value`. */
  readonly set?: readonly string[];
  /** Default: the environment of the process. */
  readonly environment?: NodeJS.ProcessEnv;
  /** A config given in code: no file is searched or read, but for what it extends. */
  readonly value?: ConfigInput;
  /** What an application adds in code, over everything else: backends, aliases and secrets it brings itself. */
  readonly overlay?: ConfigInput;
}

/** A config and how it came about. */
export interface LoadedConfig {
  readonly config: Config;
  /** Every file read, absolute, the config itself last; these are the files to watch. */
  readonly files: readonly string[];
  /** The profiles laid over it, in order. */
  readonly profiles: readonly string[];
  /** Every profile the config holds, in the order of the file. */
  readonly profileNames: readonly string[];
  readonly warnings: readonly ConfigProblem[];
  /** What wrote the value at a path; layer `default` where nothing did, undefined where the config has no such value. */
  origin(path: readonly (string | number)[]): Origin | undefined;
}

/**
 * Reads the config: what it extends, the file, profiles, environment and flags, each over the one before.
 * @throws CONFIG_NOT_FOUND, CONFIG_UNREADABLE, CONFIG_INVALID (with all problems of all files).
 */
export async function readConfig(source: ConfigSource = {}): Promise<LoadedConfig> {
  const environment = source.environment ?? process.env;
  const cwd = resolve(source.cwd ?? '.');
  const problems: ConfigProblem[] = [];
  const read = await readLayers(source, cwd, environment, problems);
  const { root, profiles } = takeProfiles(read.root, problems);
  const asked = askedProfiles(source.profiles, environment);
  const flags = mergeLayers(environmentLayer(environment), await flagLayer(source.set ?? [], problems));
  const overrides = source.overlay === undefined ? flags : mergeLayers(flags, codeLayer(source.overlay, problems));
  const chosen = mergeLayers(applyProfiles(root, profiles, asked, problems), overrides);
  // A file that could not be read leaves gaps: judging the rest would tell of faults that are none.
  if (!read.complete) throw invalid(problems);

  const judged = judge(chosen, environment);
  problems.push(...judged.problems);
  for (const [name, profile] of profiles) {
    if (!asked.names.includes(name)) problems.push(...problemsOfProfile(judge(mergeLayers(root, profile), environment).problems, name));
  }
  const { input } = judged;
  if (problems.length > 0 || !input) throw invalid(problems);
  const config = buildConfig(input, { root: judged.root, cwd });
  return { config, files: read.files, profiles: asked.names, profileNames: [...profiles.keys()], warnings: sortProblems(judged.warnings), origin: (path: ConfigPath) => findOrigin(path, config, judged.root) };
}

async function readLayers(source: ConfigSource, cwd: string, environment: NodeJS.ProcessEnv, problems: ConfigProblem[]): Promise<ReadLayers> {
  if (source.value !== undefined) {
    return await readCodeLayers(markProfiles(codeLayer(source.value, problems)), cwd, environment, problems);
  }
  const found = await findConfig(cwd, environment, source.file);
  if (found.file === undefined) throw modelportError('CONFIG_NOT_FOUND', { searched: found.searched });
  return await readFileLayers(found.file, environment, problems, found.how === 'found by search');
}

/** A layer given in code. */
function codeLayer(value: ConfigInput, problems: ConfigProblem[]): MapNode {
  const origin: Origin = { layer: 'code' };
  const placed = placeValue(value, () => ({ origin }), problems);
  return placed.kind === 'map' ? placed : emptyMap(origin);
}

interface Judged {
  /** The tree with presets applied and variables filled in. */
  readonly root: MapNode;
  readonly input: CheckedInput | undefined;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
}

/** Fills in a merged tree and finds everything wrong with it: schema, names, secrets. */
function judge(merged: MapNode, environment: NodeJS.ProcessEnv): Judged {
  const problems: ConfigProblem[] = [];
  const warnings: ConfigProblem[] = [];
  const raw = applyPresets(dropNulls(merged, (path, node) => warnings.push(noEffect(path, node.origin))), problems, warnings);
  const root = interpolate(raw, environment, problems);
  const parsed = configSchema.safeParse(toPlain(root));
  if (!parsed.success) problems.push(...explainIssues(parsed.error.issues, root, (path) => [...validKeysAt(configSchema, path), ...(path.length === 0 ? ['extends', 'profiles'] : [])]));
  checkNames(root, problems, warnings);
  warnings.push(...findNotYet(root));
  const policy = parsed.success ? parsed.data.policy.literalSecrets : 'warn';
  const literals = policy === 'allow' ? [] : findLiteralSecrets(raw);
  (policy === 'refuse' ? problems : warnings).push(...literals);
  return { root, input: parsed.data, problems, warnings };
}

function noEffect(path: ConfigPath, origin: Origin): ConfigProblem {
  return problemAt('no-effect', path, origin, 'this is empty (null), which takes away what a lower layer wrote, but none wrote it');
}

function invalid(problems: readonly ConfigProblem[]): Error {
  return modelportError('CONFIG_INVALID', { problems: sortProblems(problems) });
}
