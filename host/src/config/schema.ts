/** The key tree of the config, as a person writes it; `build-config.ts` turns the checked input into a `Config`. */
import { z } from 'zod';
import { callsSchema, duration, positiveDuration } from './calls-schema.ts';
import { backendName, backendSchema, presetSchema, toolSchema, word } from './provider-schema.ts';
import { requestDefaultsSchema } from './request-defaults-schema.ts';

/** What an alias or an agent is called. */
export const aliasName = z.string().regex(/^[A-Za-z][\w.-]*$/, 'a name here begins with a letter and holds only letters, digits, ".", "_" and "-" (so no "@", "/" or ":")');

const count = z.int().min(1);

const targets = z.array(word).min(1);

/** A spec, an ordered list of specs and aliases, or a map of both with settings. */
export const aliasSchema = z.union([
  word,
  targets,
  z.strictObject({
    spec: word.optional().describe('One model spec or alias.'),
    any: targets.optional().describe('Specs and aliases in the order they are tried.'),
    instructions: z.string().optional().describe('System text put before every call of this alias.'),
    calls: callsSchema.optional(),
    ...requestDefaultsSchema.shape,
  }).superRefine((alias, context) => {
    if (alias.spec === undefined && alias.any === undefined) context.addIssue({ code: 'custom', message: 'expected `spec` or `any`: which model is meant' });
    if (alias.spec !== undefined && alias.any !== undefined) context.addIssue({ code: 'custom', message: 'expected either `spec` or `any`, not both' });
  }),
]);

/** One agent. */
export const agentSchema = z.strictObject({
  model: word.default('default').describe('Alias or model spec.'),
  instructions: z.string().optional(),
  tools: z.array(word).default([]).describe('Names under `tools`, or tools registered in code.'),
  maxIterations: count.default(10),
  maxToolFailures: z.int().min(0).default(3),
  parallelTools: count.default(5),
  toolTimeoutMs: duration.default(60_000).describe('Longest run of one tool, in milliseconds; 0 = no limit.'),
  unfinishedTool: z.enum(['ask', 'repeat', 'fail']).default('ask').describe('What becomes of a tool call whose outcome a crash left unknown.'),
  history: z.strictObject({
    maxMessages: count.default(50),
    compact: z.enum(['window', 'summary', 'off']).default('window'),
  }).prefault({}),
  calls: callsSchema.optional(),
});

const budgetSchema = z.strictObject({
  scope: z.string().regex(/^(all|(backend|alias|key):.+)$/, 'expected `all`, `backend:NAME`, `alias:NAME` or `key:NAME`').default('all'),
  per: z.enum(['day', 'month']),
  usd: z.number().gt(0).optional(),
  tokens: count.optional(),
  warnAt: z.number().min(0).max(1).default(0.8).describe('Share of the budget at which it is told.'),
  unknownPrice: z.enum(['allow', 'refuse']).default('allow').describe('Whether models without a known price may be called.'),
}).superRefine((budget, context) => {
  if (budget.usd === undefined && budget.tokens === undefined) context.addIssue({ code: 'custom', message: 'expected `usd` or `tokens`: how much may be spent' });
});

const httpSchema = z.strictObject({
  proxy: z.string().min(1).default('env').describe('`env` reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY; `none`; or a URL.'),
  ca: z.array(word).default([]).describe('Files with further certificate authorities.'),
  maxConnections: count.default(64).describe('Connections to one origin.'),
  allowPrivate: z.boolean().default(false).describe('Whether any private address may be reached. A private URL that is written in the config always may.'),
  wireLog: z.union([z.boolean(), word]).default(false).describe('Log requests and answers, redacted; a text names the file.'),
});

const telemetrySchema = z.strictObject({
  content: z.boolean().default(false).describe('Whether spans carry messages and answers.'),
  langfuse: z.boolean().default(false),
  traceparent: z.boolean().default(false).describe('Whether requests to vendors carry the trace id.'),
});

const policySchema = z.strictObject({
  plugins: z.strictObject({ allow: z.array(word).default(['*']) }).prefault({}).describe('Package names that may be loaded; `*` stands for any text.'),
  scripts: z.boolean().default(false).describe('Whether install scripts of plugins run.'),
  minReleaseAgeDays: z.number().min(0).default(0),
  literalSecrets: z.enum(['warn', 'refuse', 'allow']).default('warn'),
  socketGuard: z.boolean().default(false).describe('Whether a socket that a plugin opens by itself to a host nobody declared is closed, with a warning. Stops accidents, not attacks. Read when the host starts.'),
  pluginFolders: z.array(word).default([]).describe('Further folders with plugins, read from the folder of this config.'),
});

/** Everything but `extends` and `profiles`, which are resolved before the values are judged. */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  backends: z.record(backendName, backendSchema).default({}),
  models: z.record(aliasName, aliasSchema).default({}),
  presets: z.record(backendName, presetSchema).default({}),
  tools: z.record(backendName, toolSchema).default({}),
  agents: z.record(aliasName, agentSchema).default({}),
  calls: callsSchema.optional(),
  budgets: z.array(budgetSchema).default([]),
  http: httpSchema.prefault({}),
  store: z.union([z.enum(['sqlite', 'memory']), z.strictObject({ url: word })]).default('sqlite'),
  state: z.strictObject({ folder: word.optional() }).prefault({}),
  telemetry: telemetrySchema.prefault({}),
  policy: policySchema.prefault({}),
  reload: z.strictObject({ watch: z.boolean().default(false), drainMs: duration.default(300_000) }).prefault({}),
  streams: z.strictObject({ abandonedMs: positiveDuration.default(600_000) }).prefault({}),
  log: z.strictObject({ level: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info') }).prefault({}),
});

/** The checked input, with defaults filled in. */
export type CheckedInput = z.output<typeof configSchema>;
type Settings = z.input<typeof configSchema>;

/** Settings laid over others: anything may be left out, and `null` takes away what a lower layer wrote. */
export type Overlay<Value> = Value extends readonly unknown[] ? Value : Value extends object ? { readonly [Key in keyof Value]?: Overlay<Value[Key]> | null } : Value;

/** A config as it is written in code or in a .ts file. */
export interface ConfigInput extends Settings {
  /** A path such as `./base.yaml`, a package that exports a config, or a list of them; read before this config, from left to right. */
  readonly extends?: string | readonly string[];
  /** Overlays by name, chosen with `--profile` or MODELPORT_PROFILE. */
  readonly profiles?: Readonly<Record<string, Overlay<Settings>>>;
}

/** Returns its argument, typed: `export default defineConfig({ ... })` in a modelport.config.ts. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
