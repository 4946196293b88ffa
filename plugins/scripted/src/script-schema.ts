/** The script language as a schema: strict, so that a misspelt step is an error with its place and never a silent no-op. */
import type { Json, JsonObject } from '@modelport/plugin-api';
import { z } from 'zod';

import type { Match, Reply, Rule, Script, Step } from './script.ts';

const count = z.int().min(0);
const ordinal = z.int().min(1);
const json = z.json() as z.ZodType<Json>;
const jsonObject = z.record(z.string(), z.json()) as z.ZodType<JsonObject>;

const regexPattern = z
  .strictObject({ regex: z.string(), flags: z.exactOptional(z.string()) })
  .refine(({ regex, flags }) => compiles(regex, flags), { error: 'not a regular expression of JavaScript' });

const textPattern = z.union([z.string().min(1), regexPattern]);

const match: z.ZodType<Match> = z.strictObject({
  user: z.exactOptional(textPattern),
  system: z.exactOptional(textPattern),
  toolResult: z.exactOptional(textPattern),
  afterTool: z.exactOptional(z.union([z.string().min(1), z.boolean()])),
  toolFailed: z.exactOptional(z.boolean()),
  offers: z.exactOptional(z.string().min(1)),
  model: z.exactOptional(textPattern),
  turn: z.exactOptional(ordinal),
  call: z.exactOptional(ordinal),
  attempt: z.exactOptional(ordinal),
});

const warning = z.union([
  z.string(),
  z.strictObject({ type: z.enum(['unsupported', 'compatibility']), feature: z.string(), details: z.exactOptional(z.string()) }),
  z.strictObject({ type: z.literal('deprecated'), setting: z.string(), message: z.string() }),
  z.strictObject({ type: z.literal('other'), message: z.string() }),
]);

const usage = z.strictObject({
  inputTokens: z.exactOptional(count),
  cacheReadTokens: z.exactOptional(count),
  cacheWriteTokens: z.exactOptional(count),
  outputTokens: z.exactOptional(count),
  reasoningTokens: z.exactOptional(count),
  costUsd: z.exactOptional(z.number().min(0)),
});

const step: z.ZodType<Step> = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ reasoning: z.string(), providerMetadata: z.exactOptional(z.record(z.string(), jsonObject)) }),
  z.strictObject({ json }),
  z.strictObject({
    toolCall: z.strictObject({
      name: z.string().min(1),
      input: z.exactOptional(z.union([z.string(), jsonObject])),
      id: z.exactOptional(z.string().min(1)),
      inputEncoding: z.exactOptional(z.enum(['json', 'text'])),
    }),
  }),
  z.strictObject({ delayMs: z.number().min(0).max(2 ** 31 - 1) }),
  z.strictObject({ stall: z.literal(true) }),
  z.strictObject({
    file: z
      .strictObject({
        mediaType: z.string().min(1),
        data: z.exactOptional(z.string()),
        url: z.exactOptional(z.string()),
        filename: z.exactOptional(z.string()),
      })
      .refine((file) => (file.data === undefined) !== (file.url === undefined), { error: 'give data or url' }),
  }),
  z.strictObject({ source: z.strictObject({ url: z.string(), title: z.exactOptional(z.string()), id: z.exactOptional(z.string().min(1)) }) }),
  z.strictObject({ warning }),
  z.strictObject({
    responseMetadata: z.strictObject({
      id: z.exactOptional(z.string()),
      modelId: z.exactOptional(z.string()),
      timestamp: z.exactOptional(z.iso.datetime({ offset: true })),
      headers: z.exactOptional(z.record(z.string(), z.string())),
    }),
  }),
  z.strictObject({ usage: z.union([z.literal('absent'), usage]) }),
  z.strictObject({ finish: z.string().min(1), raw: z.exactOptional(z.string()) }),
  z.strictObject({
    fault: z.strictObject({
      code: z.string().min(1),
      message: z.exactOptional(z.string()),
      status: z.exactOptional(z.int().min(100).max(599)),
      retryAfterMs: z.exactOptional(z.number().min(0)),
      retryable: z.exactOptional(z.boolean()),
      requestId: z.exactOptional(z.string()),
    }),
  }),
  z.strictObject({ cut: z.literal(true) }),
  z.strictObject({ unknown: jsonObject }),
]);

const replySchema: z.ZodType<Reply> = z.union([z.string(), z.array(step)]);

const ruleSchema: z.ZodType<Rule> = z
  .strictObject({
    match: z.exactOptional(z.union([textPattern, match])),
    reply: z.exactOptional(replySchema),
    turns: z.exactOptional(z.array(replySchema).min(1)),
  })
  .refine((rule) => (rule.reply === undefined) !== (rule.turns === undefined), { error: 'give reply or turns' });

/** Schema of a whole script. */
export const scriptSchema: z.ZodType<Script> = z.array(ruleSchema).min(1);

/**
 * Checks a script and returns it. Throws an Error that lists every mistake with its path.
 * @param from where the script was written, for the message
 */
export function parseScript(value: unknown, from: string): Script {
  const parsed = scriptSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${from} is not a script:\n${z.prettifyError(parsed.error)}`, { cause: parsed.error });
}

function compiles(regex: string, flags: string | undefined): boolean {
  try {
    void new RegExp(regex, flags);
    return true;
  } catch {
    return false;
  }
}
