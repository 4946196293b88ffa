/** Every way the host can refuse or fail: code -> message -> remedy, with the details each code carries. */
import type { CallErrorCode } from '@modelport/plugin-api';
import type { ConfigProblem } from './config-problem.ts';

/** One row of the catalogue: how the message and the mending command are made from the details. */
export interface ErrorRow<Details> {
  readonly message: (details: Details) => string;
  readonly remedy: (details: Details) => string;
}

/** Binds a row to the type of its details. */
function row<Details>(message: (details: Details) => string, remedy: (details: Details) => string): ErrorRow<Details> {
  return { message, remedy };
}

/** Ends a sentence with the nearest valid names, when there are some. */
export function didYouMean(near: readonly string[] | undefined): string {
  return near && near.length > 0 ? ` Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?` : '';
}

/** Who asked for a plugin: the file, and the line where one is known, that names it. */
export interface AskedFrom {
  readonly file: string;
  readonly line?: number | undefined;
}

const at = (from: AskedFrom): string => (from.line === undefined ? from.file : `${from.file}:${from.line}`);
/** Whether a `plugin:` value is a path, for which nothing can be installed. */
const isPath = (plugin: string): boolean => /^(?:\.|\/|file:|[a-z]:[\\/])/i.test(plugin);
const list = (lines: readonly string[]): string => lines.map((line) => `\n  ${line}`).join('');

/** What the host knows of a package whose load went wrong. */
export interface PackageDetails {
  readonly plugin: string;
  readonly version?: string | undefined;
  readonly folder: string;
}

const named = (details: PackageDetails): string => (details.version ? `${details.plugin}@${details.version}` : details.plugin);

/** Codes of the config: all problems of a config are reported together. */
export const configErrors = {
  CONFIG_NOT_FOUND: row<{ readonly searched: readonly string[] }>(
    ({ searched }) => `No config file was found. Looked for modelport.config.{yaml,json,toml,ts,js} and .modelportrc in:${list(searched)}`,
    () => 'Write one with `modelport config init`, or name one with `--config FILE`.',
  ),
  CONFIG_UNREADABLE: row<{ readonly file: string; readonly reason: string }>(
    ({ file, reason }) => `${file} cannot be read: ${reason}`,
    ({ file }) => `Check that ${file} exists and may be read.`,
  ),
  CONFIG_INVALID: row<{ readonly problems: readonly ConfigProblem[] }>(
    ({ problems }) => `The config has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:${list(problems.map(formatProblem))}`,
    () => 'Mend the lines named above, then run `modelport config validate`.',
  ),
} as const;

/** One problem as one line: place, path, what is wrong. */
export function formatProblem(problem: ConfigProblem): string {
  const place = problem.file === undefined ? '' : `${at({ file: problem.file, line: problem.line })}${problem.column === undefined ? '' : `:${problem.column}`}  `;
  const path = problem.path === '' ? '' : `${problem.path}: `;
  return `${place}${path}${problem.message}${didYouMean(problem.near)}`;
}

/** Codes of finding, checking, importing and starting a plugin. Each stops one backend, never the host. */
export const pluginErrors = {
  PLUGIN_NOT_FOUND: row<{ readonly plugin: string; readonly from: AskedFrom; readonly searched: readonly string[]; readonly near?: readonly string[] | undefined; readonly because?: string | undefined }>(
    ({ plugin, from, searched, near, because }) => `Plugin ${plugin}, named in ${at(from)}, is not installed.${because ? ` ${because}` : ''}${didYouMean(near)} Searched:${list(searched)}`,
    ({ plugin, from, near }) => {
      // Installing a mistyped name is how strangers' packages get in: the installed one comes first.
      if (near && near.length > 0) return `If ${near[0]} is meant, write that in ${at(from)}${isPath(plugin) ? '' : `; else run \`modelport plugins add ${plugin}\``}.`;
      return isPath(plugin) ? `Check the path ${plugin}; it is read from the folder of the file that names it.` : `Run \`modelport plugins add ${plugin}\`.`;
    },
  ),
  PLUGIN_RANGE_UNMET: row<{ readonly plugin: string; readonly range: string; readonly found: readonly string[]; readonly from: AskedFrom }>(
    ({ plugin, range, found, from }) => `${at(from)} asks for ${plugin}@${range}, but only these were found:${list(found)}`,
    ({ plugin, range }) => `Run \`modelport plugins add "${plugin}@${range}"\`, or change the range.`,
  ),
  PLUGIN_BEHIND_PNP: row<{ readonly plugin: string; readonly from: AskedFrom; readonly pnpFile: string }>(
    ({ plugin, from, pnpFile }) => `Plugin ${plugin}, named in ${at(from)}, is not found: the project uses Yarn Plug'n'Play (${pnpFile}), which plain node cannot read.`,
    () => 'Start the host through Yarn: `yarn modelport` or `yarn node`; or set `nodeLinker: node-modules` in .yarnrc.yml and run `yarn install`.',
  ),
  PLUGIN_NOT_BUILT: row<PackageDetails & { readonly entry: string }>(
    (details) => `${named(details)} is found at ${details.folder}, but its entry ${details.entry} does not exist: the package is not built.`,
    (details) => `Run its build, e.g. \`npm run build --prefix ${details.folder}\`.`,
  ),
  PLUGIN_NO_ENTRY: row<PackageDetails & { readonly reason: string }>(
    (details) => `${named(details)} offers no entry that Node can import: ${details.reason}`,
    () => 'The plugin\'s package.json needs `exports` (or `main`) that names its built entry; tell its author.',
  ),
  MANIFEST_MISSING: row<PackageDetails>(
    (details) => `${named(details)} is no Modelport plugin: its package.json has no "modelport" key.`,
    () => 'Name a package that has one, or, for an AI SDK provider package, add `adapter: ai-sdk` to the backend.',
  ),
  MANIFEST_INVALID: row<PackageDetails & { readonly file: string; readonly problems: readonly string[] }>(
    (details) => `The manifest of ${named(details)} in ${details.file} is wrong:${list(details.problems)}`,
    (details) => `Tell the author of ${details.plugin}, or install another version: \`modelport plugins add ${details.plugin}@latest\`.`,
  ),
  MANIFEST_TOO_NEW: row<PackageDetails & { readonly wants: number; readonly offers: number }>(
    (details) => `${named(details)} has a manifest of format ${details.wants}; this host reads format ${details.offers}.`,
    () => 'Run `npm install @modelport/host@latest`.',
  ),
  API_MISMATCH: row<PackageDetails & { readonly file: string; readonly wants: string; readonly offers: readonly string[]; readonly newest?: string | undefined; readonly from: AskedFrom }>(
    (details) => `${named(details)}, named in ${at(details.from)}, asks in ${details.file} for contract ${details.wants}; this host offers ${details.offers.join(' and ')}.`,
    (details) => (details.newest ? `Run \`modelport plugins add ${details.plugin}@${details.newest}\`, the newest version that fits.` : `Install a version of ${details.plugin} that fits contract ${details.offers.join(' or ')}, or another host.`),
  ),
  NODE_MISMATCH: row<PackageDetails & { readonly wants: string; readonly running: string }>(
    (details) => `${named(details)} needs Node ${details.wants}; this is Node ${details.running}.`,
    (details) => `Run the host on Node ${details.wants}, or install another version of ${details.plugin}.`,
  ),
  OPTIONS_INVALID: row<{ readonly backend: string; readonly plugin: string; readonly problems: readonly ConfigProblem[] }>(
    ({ backend, plugin, problems }) => `The options of backend "${backend}" do not fit ${plugin}:${list(problems.map(formatProblem))}`,
    ({ plugin }) => `Mend the lines named above; \`modelport plugins info ${plugin}\` lists the options.`,
  ),
  PLUGIN_IMPORT_FAILED: row<PackageDetails & { readonly entry: string; readonly reason: string }>(
    (details) => `${named(details)} failed while it was imported (${details.entry}): ${details.reason}`,
    (details) => `Try another version: \`modelport plugins add ${details.plugin}@latest\`; if it stays, tell its author.`,
  ),
  PLUGIN_IMPORT_TIMEOUT: row<PackageDetails & { readonly entry: string; readonly limitMs: number }>(
    (details) => `${named(details)} did not finish its import within ${details.limitMs} ms (${details.entry}): something it awaits at the top level never comes.`,
    (details) => `Try another version: \`modelport plugins add ${details.plugin}@latest\`; if it stays, tell its author.`,
  ),
  PLUGIN_EXPORT_INVALID: row<PackageDetails & { readonly entry: string; readonly reason: string }>(
    (details) => `${named(details)} does not export a plugin: ${details.reason} (${details.entry}).`,
    () => 'The default export must be `definePlugin({...})` of @modelport/plugin-api; tell its author.',
  ),
  PLUGIN_START_FAILED: row<PackageDetails & { readonly backend: string; readonly reason: string }>(
    (details) => `Backend "${details.backend}" could not start: ${named(details)} threw: ${details.reason}`,
    (details) => `Mend the cause, then run \`modelport backends retry ${details.backend}\`.`,
  ),
  PLUGIN_START_TIMEOUT: row<PackageDetails & { readonly backend: string; readonly limitMs: number }>(
    (details) => `Backend "${details.backend}" did not start within ${details.limitMs} ms: start() of ${named(details)} never finished.`,
    (details) => `Run \`modelport backends retry ${details.backend}\`; if it stays, tell the author of ${details.plugin}.`,
  ),
  PROVIDER_INVALID: row<PackageDetails & { readonly backend: string; readonly problems: readonly string[] }>(
    (details) => `What start() of ${named(details)} returned for backend "${details.backend}" does not fit the contract:${list(details.problems)}`,
    (details) => `Tell the author of ${details.plugin}, or try another version: \`modelport plugins add ${details.plugin}@latest\`.`,
  ),
  PLUGIN_CRASHED: row<PackageDetails & { readonly backend: string; readonly reason: string }>(
    (details) => `Backend "${details.backend}" left an error unhandled after its start: ${named(details)}: ${details.reason}`,
    (details) => `Run \`modelport backends retry ${details.backend}\`; if it stays, tell the author of ${details.plugin}.`,
  ),
  PLUGIN_NOT_ALLOWED: row<{ readonly plugin: string; readonly from: AskedFrom; readonly allowed: readonly string[]; /** File and line of the policy. */ readonly policyFrom?: string | undefined }>(
    ({ plugin, from, allowed, policyFrom }) => `Plugin ${plugin}, named in ${at(from)}, may not be loaded: \`policy.plugins.allow\`${policyFrom ? ` (${policyFrom})` : ''} allows ${allowed.join(', ') || 'nothing'}.`,
    ({ plugin }) => `Add "${plugin}" to \`policy.plugins.allow\`, if it is to be trusted.`,
  ),
  PLUGIN_RESTART_NEEDED: row<PackageDetails & { readonly imported: string }>(
    (details) => `${named(details)} now lies at ${details.folder}, but this process has imported version ${details.imported} from there, and Node keeps what it imported.`,
    () => 'Restart the process; or install versions side by side with `modelport plugins add`, which needs no restart.',
  ),
  ADAPTER_UNKNOWN: row<{ readonly backend: string; readonly adapter: string; readonly from: AskedFrom }>(
    ({ backend, adapter, from }) => `Backend "${backend}" in ${at(from)} asks for the adapter "${adapter}", which is not installed.`,
    ({ adapter }) => `Run \`modelport plugins add @modelport/${adapter}\`.`,
  ),
  SECRET_MISSING: row<{ readonly backend: string; readonly secret: string; readonly path: string; readonly sought: readonly string[]; readonly obtain?: string | undefined }>(
    ({ backend, secret, path, sought }) => `Backend "${backend}" needs the secret ${secret} (${path}); sought in ${sought.join(', ') || 'nothing: no source is configured'}.`,
    ({ path, sought, obtain }) => `${sought[0]?.startsWith('env ') ? `Set the variable: \`export ${sought[0].slice(4)}=...\`` : `Set \`${path}\` in the config`}${obtain ? `; a key is had at ${obtain}` : ''}.`,
  ),
} as const;

/** Codes of asking the host for something by name. */
export const lookupErrors = {
  SPEC_INVALID: row<{ readonly spec: string; readonly reason: string }>(
    ({ spec, reason }) => `"${spec}" is no model spec: ${reason}.`,
    () => 'Write `alias`, `model@backend` or `backend/model`.',
  ),
  SPEC_UNKNOWN: row<{ readonly spec: string; readonly near: readonly string[]; readonly aliases: readonly string[]; readonly backends: readonly string[] }>(
    ({ spec, near, aliases, backends }) => `No alias or backend is meant by "${spec}".${didYouMean(near)} Aliases: ${aliases.join(', ') || 'none'}. Backends: ${backends.join(', ') || 'none'}.`,
    () => 'Write `model@backend`, or add the alias under `models:`; `modelport models list` shows what there is.',
  ),
  ALIAS_REMOVED: row<{ readonly alias: string; readonly near: readonly string[] }>(
    ({ alias, near }) => `The alias "${alias}" was removed from the config.${didYouMean(near)}`,
    ({ alias }) => `Put \`models.${alias}\` back into the config, or ask for another alias.`,
  ),
  BACKEND_REMOVED: row<{ readonly backend: string; readonly near: readonly string[] }>(
    ({ backend, near }) => `The backend "${backend}" is not in the config any more.${didYouMean(near)}`,
    ({ backend }) => `Put \`backends.${backend}\` back into the config, or point the alias elsewhere.`,
  ),
  BACKEND_DISABLED: row<{ readonly backend: string }>(
    ({ backend }) => `The backend "${backend}" is switched off (\`enabled: false\` or --plugins none).`,
    ({ backend }) => `Set \`backends.${backend}.enabled: true\`.`,
  ),
  NOT_PROVIDED: row<{ readonly backend: string; readonly plugin: string; readonly wanted: string; readonly provides: readonly string[] }>(
    ({ backend, plugin, wanted, provides }) => `Backend "${backend}" (${plugin}) offers no ${wanted}; it provides ${provides.join(', ') || 'nothing'}.`,
    () => 'Choose another backend: `modelport plugins list` shows what each provides.',
  ),
  TOKEN_TAKEN: row<{ readonly token: string; readonly owner: string; readonly newcomer: string }>(
    ({ token, owner, newcomer }) => `"${token}" is already registered by ${owner}; ${newcomer} cannot register it too.`,
    () => 'Rename one of the two, or register with `{ override: true }`.',
  ),
  TOKEN_UNKNOWN: row<{ readonly token: string; readonly near: readonly string[]; readonly wantedBy?: string | undefined }>(
    ({ token, near, wantedBy }) => `Nothing is registered for "${token}"${wantedBy ? `, wanted by ${wantedBy}` : ''}.${didYouMean(near)}`,
    () => 'Register it first, or ask for a registered name; `host.describe()` lists them.',
  ),
  TOKEN_CYCLE: row<{ readonly ring: readonly string[] }>(
    ({ ring }) => `${ring.join(' -> ')}: the last of these needs itself before it exists.`,
    () => 'Break the ring: let one of them get the other after it was constructed.',
  ),
  TOOL_UNKNOWN: row<{ readonly tool: string; readonly near: readonly string[] }>(
    ({ tool, near }) => `There is no tool "${tool}".${didYouMean(near)}`,
    () => 'Ask for a tool that `host.tools.list()` shows, or add its plugin under `tools:`.',
  ),
  AGENT_UNKNOWN: row<{ readonly agent: string; readonly near: readonly string[] }>(
    ({ agent, near }) => `There is no agent "${agent}".${didYouMean(near)}`,
    ({ agent }) => `Add \`agents.${agent}\` to the config.`,
  ),
  ITERATIONS_EXCEEDED: row<{ readonly agent: string; readonly limit: number }>(
    ({ agent, limit }) => `Agent "${agent}" still calls tools after ${limit} answers.`,
    ({ agent }) => `Raise \`agents.${agent}.maxIterations\`, or look at what its tools answer.`,
  ),
  TOOLS_FAILING: row<{ readonly agent: string; readonly limit: number; readonly tool: string; readonly reason: string }>(
    ({ agent, limit, tool, reason }) => `Every tool call of agent "${agent}" failed in ${limit} answers in a row; the last, of ${tool}: ${reason}`,
    ({ agent }) => `Mend the tool, or raise \`agents.${agent}.maxToolFailures\` (0 = no limit).`,
  ),
  HOST_CLOSED: row<object>(
    () => 'The host is closed: it takes no new calls.',
    () => 'Make a new host with `createHost()`.',
  ),
  GENERATION_RETIRED: row<{ readonly backend: string }>(
    ({ backend }) => `Backend "${backend}" was replaced while this call ran, and the time to finish is over.`,
    () => 'Call again: the new generation answers. A longer `reload.drainMs` gives running calls more time.',
  ),
  CLOSE_FAILED: row<{ readonly failures: readonly string[] }>(
    ({ failures }) => `Not everything closed well:${list(failures)}`,
    () => 'Everything else is closed; the named owners hold the fault.',
  ),
} as const;

/** Codes of an answer that came whole but is not what was asked for. */
export const answerErrors = {
  OUTPUT_INVALID: row<{ readonly model: string; readonly backend: string; readonly problems: readonly string[]; readonly finish: string }>(
    ({ model, backend, problems, finish }) => `The answer of ${model}@${backend} does not fit the schema${finish === 'length' ? ' (it was cut at the output limit)' : ''}:${list(problems)}`,
    ({ finish }) => (finish === 'length' ? 'Raise `maxOutputTokens`.' : 'Call again, or choose a model with the json-schema capability.'),
  ),
} as const;

/** What a failed call is known by; the message comes from who found it. */
export interface CallDetails {
  readonly text: string;
  readonly remedy?: string | undefined;
}

const call = (remedy: string): ErrorRow<CallDetails> => row((details) => details.text, (details) => details.remedy ?? remedy);

/** Codes of a call that failed: those of the contract, in the host's words for the remedy. */
export const callErrors = {
  AUTH_MISSING: call('Set the secret that the message names; `modelport doctor` shows which secrets are present.'),
  AUTH_INVALID: call('Check the key of this backend: it was refused.'),
  RATE_LIMITED: call('Wait and call again (`context.retryAfterMs` says how long, where the vendor does), or ask another target.'),
  QUOTA_EXCEEDED: call('Raise the account\'s quota, or point the alias at another backend.'),
  CONTEXT_OVERFLOW: call('Shorten the messages, or choose a model with a larger context window.'),
  CONTENT_FILTERED: call('Change the input; the vendor\'s filter refused it.'),
  REQUEST_INVALID: call('Mend the request as the message says.'),
  MODEL_NOT_FOUND: call('Check the model id: `modelport models list` shows the ids of each backend.'),
  MODEL_NOT_PULLED: call('Pull the model first: `modelport models pull SPEC`.'),
  CAPABILITY_MISSING: call('Choose a model that has the capability: `modelport models info SPEC`.'),
  OVERLOADED: call('Call again in a moment, or ask another target.'),
  NETWORK: call('Check the address and that the server runs: `modelport doctor`.'),
  TIMEOUT: call('Raise the limit under `calls.timeouts`, or check the server.'),
  ABORTED: call('Nothing to mend: the call was cancelled.'),
  PROTOCOL: call('The server answered outside its protocol; check the base URL, or report it to the plugin\'s author.'),
  HOST_NOT_ALLOWED: call('Declare the host under `backends.<name>.permissions.net`, if it is to be trusted.'),
  INTERNAL: call('This is a fault in the plugin or the host: please report it with the call id.'),
} as const satisfies Record<CallErrorCode, ErrorRow<CallDetails>>;

/** The whole table. `docs/errors.md` is generated from it. */
export const errorCatalogue = { ...configErrors, ...pluginErrors, ...lookupErrors, ...answerErrors, ...callErrors } as const;

/** Every code the host itself uses. A plugin's own codes start with `x-`. */
export type ErrorCode = keyof typeof errorCatalogue;

/** The details a code carries. */
export type ErrorDetails<Code extends ErrorCode> = (typeof errorCatalogue)[Code] extends ErrorRow<infer Details> ? Details : never;
