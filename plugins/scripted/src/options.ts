/** The options of a scripted backend, as a person writes them in the config. */
import { CAPABILITIES } from '@modelport/plugin-api';
import type { Capabilities, Capability, Limits } from '@modelport/plugin-api';
import { z } from 'zod';

import type { Script } from './script.ts';
import { scriptSchema } from './script-schema.ts';

/** The options after the schema filled in the defaults. */
export interface ScriptedOptions {
  /** The rules, or the absolute path or `file:` URL of a `.json` file that holds them. Absent = the default script. */
  readonly script?: Script | string;
  /** Words in one streamed delta. Default 1. */
  readonly chunkWords: number;
  /** Pause before each streamed delta, in milliseconds. Default 0. */
  readonly chunkDelayMs: number;
  /** Models listed beside `demo` and `embedding`; any other id answers too. Default none. */
  readonly models: readonly ListedModel[];
}

/** A model as the options list it. */
export interface ListedModel {
  /** Model id. */
  readonly id: string;
  /** Default `chat`. */
  readonly kind?: 'chat' | 'embedding';
  /** Display name. */
  readonly name?: string;
  /** One sentence. */
  readonly description?: string;
  /** What it claims it can do; replaces the claims of a scripted model one by one. */
  readonly capabilities?: Capabilities;
  /** What it claims its limits are. */
  readonly limits?: Limits;
}

const tokens = z.int().min(1);

const listedModel: z.ZodType<ListedModel> = z.strictObject({
  id: z.string().min(1),
  kind: z.exactOptional(z.enum(['chat', 'embedding'])),
  name: z.exactOptional(z.string()),
  description: z.exactOptional(z.string()),
  capabilities: z.exactOptional(z.strictObject(
    Object.fromEntries(CAPABILITIES.map((name) => [name, z.exactOptional(z.boolean())])) as Record<Capability, z.ZodExactOptional<z.ZodBoolean>>,
  )),
  limits: z.exactOptional(z.strictObject({
    contextTokens: z.exactOptional(tokens),
    outputTokens: z.exactOptional(tokens),
    dimensions: z.exactOptional(tokens),
  })),
});

/** Schema of the options; `options.schema.json` is made from it. */
export const scriptedOptions: z.ZodType<ScriptedOptions> = z.strictObject({
  script: z
    .exactOptional(z.union([scriptSchema, z.string().min(1)]))
    .describe('The rules, or the absolute path or file: URL of a .json file that holds them. Absent = the default script.'),
  chunkWords: z.int().min(1).default(1).describe('Words in one streamed delta.'),
  chunkDelayMs: z.number().min(0).max(60_000).default(0).describe('Pause before each streamed delta, in milliseconds.'),
  models: z.array(listedModel).default([]).describe('Models listed beside demo and embedding; any other id answers too.'),
});
