/** The parts of the config that name plugins: backends, presets and tools, with their secrets. */
import { z } from 'zod';
import { callsSchema, duration } from './calls-schema.ts';
import { requestDefaultsSchema } from './request-defaults-schema.ts';

/** What a backend is called. */
export const backendName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name here begins with a-z and holds only a-z, 0-9 and "-", at most 40 characters');
/** A text of at least one character. */
export const word = z.string().min(1);
/** Any JSON value below a key that a plugin's own schema judges. */
export const freeOptions = z.record(z.string(), z.json());

const sources = ['env', 'file', 'command', 'keychain', 'literal'] as const;

/** Where a secret is had: a literal text, or a map with exactly one source. */
export const secretSchema = z.union([
  z.string(),
  z.strictObject({
    env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable').optional().describe('Name of the environment variable.'),
    file: word.optional().describe('Path of a file that holds the secret; read from the folder of this config, `~` is the home folder.'),
    command: z.array(word).min(1).optional().describe('Program and arguments; what it prints is the secret. Run without a shell, at first use.'),
    keychain: word.optional().describe('Entry of the system\'s keychain.'),
    literal: z.string().optional().describe('The secret itself. Works, and warns.'),
    ttlMs: duration.optional().describe('How long the output of `command` is kept, in milliseconds. Default: as long as the host lives.'),
    optional: z.boolean().optional().describe('Whether the backend starts without it. Default: what the plugin\'s manifest says.'),
  }).superRefine((secret, context) => {
    const named = sources.filter((source) => secret[source] !== undefined);
    if (named.length === 0) context.addIssue({ code: 'custom', message: `expected one of ${sources.join(', ')}` });
    if (named.length > 1) context.addIssue({ code: 'custom', message: `expected one source, got ${named.join(' and ')}` });
    if (secret.ttlMs !== undefined && secret.command === undefined) context.addIssue({ code: 'custom', path: ['ttlMs'], message: '`ttlMs` belongs to `command`' });
  }),
]);

const secrets = z.record(word, secretSchema);
const headers = z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'expected the name of an HTTP header'), z.string());

const permissions = z.strictObject({
  net: z.array(word).optional().describe('Hosts the plugin may reach, beside those of its manifest.'),
  env: z.array(word).optional().describe('Variables the plugin may read, beside those of its manifest.'),
  files: z.array(word).optional().describe('Files the plugin may read, beside those of its manifest.'),
});

const usd = z.number().min(0).optional();

/** What the user knows better than the catalogue about one model. */
export const modelFactsSchema = z.strictObject({
  capabilities: z.strictObject(Object.fromEntries(
    (['streaming', 'tools', 'parallel-tools', 'tool-choice', 'json', 'json-schema', 'image-input', 'audio-input', 'file-input', 'reasoning', 'logprobs', 'seed', 'system-message'] as const)
      .map((name) => [name, z.boolean().optional()]),
  ) as Record<'streaming' | 'tools' | 'parallel-tools' | 'tool-choice' | 'json' | 'json-schema' | 'image-input' | 'audio-input' | 'file-input' | 'reasoning' | 'logprobs' | 'seed' | 'system-message', z.ZodOptional<z.ZodBoolean>>).optional(),
  limits: z.strictObject({
    contextTokens: z.int().min(1).optional(),
    outputTokens: z.int().min(1).optional(),
    dimensions: z.int().min(1).optional(),
  }).optional(),
  price: z.strictObject({
    asOf: word.optional(),
    inputUsdPerMillionTokens: usd,
    outputUsdPerMillionTokens: usd,
    cacheReadUsdPerMillionTokens: usd,
    cacheWriteUsdPerMillionTokens: usd,
  }).optional(),
  defaults: requestDefaultsSchema.optional().describe('Settings of every call of this model, where neither the call nor an alias says otherwise.'),
});

/** One configured instance of one plugin. */
export const backendSchema = z.strictObject({
  plugin: word.optional().describe('Package name, `name@range`, or a path that begins with `./`. Required unless `preset` names it.'),
  adapter: word.optional().describe('Adapter for a package that is no Modelport plugin, such as `ai-sdk`.'),
  export: word.optional().describe('Named export to use, where a package has several.'),
  preset: word.optional().describe('A name under `presets`, or a built-in one (`modelport backends presets`), whose values stand below those of this backend.'),
  enabled: z.boolean().default(true),
  eager: z.boolean().default(false).describe('Start with the host instead of at first use.'),
  options: freeOptions.default({}).describe('The plugin\'s own options; `modelport plugins info` lists them.'),
  headers: headers.default({}).describe('HTTP headers sent with every request of this backend.'),
  secrets: secrets.default({}),
  permissions: permissions.default({}),
  models: z.record(word, modelFactsSchema).default({}).describe('Facts about single models, and their settings, by the vendor\'s id.'),
  calls: callsSchema.optional(),
});

/** Values shared by the backends that name the preset. */
export const presetSchema = z.strictObject({ plugin: word.optional(), options: freeOptions.optional(), secrets: secrets.optional() });

/** One source of tools: a backend, or a plugin (then this declares a backend of that name). */
export const toolSchema = z.strictObject({
  backend: word.optional().describe('A name under `backends`.'),
  plugin: word.optional().describe('Package name, `name@range`, or a path; declares a backend of this tool\'s name.'),
  enabled: z.boolean().optional(),
  options: freeOptions.optional(),
  secrets: secrets.optional(),
  permissions: permissions.optional(),
  include: z.array(word).optional().describe('Only these tools.'),
  exclude: z.array(word).optional().describe('All but these tools.'),
  prefix: z.string().optional().describe('Put before each tool\'s name.'),
});
