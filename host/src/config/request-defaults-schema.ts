/** Settings of a request that the config may give: to the calls of an alias, and to all calls of one model. */
import { z } from 'zod';

/** Request fields that an alias, or a model, gives to every call made through it; a field of the call itself wins. */
export const requestDefaultsSchema = z.strictObject({
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().min(0).max(1).optional(),
  topK: z.int().min(1).optional(),
  maxOutputTokens: z.int().min(1).optional(),
  seed: z.int().optional(),
  presencePenalty: z.number().min(-2).max(2).optional(),
  frequencyPenalty: z.number().min(-2).max(2).optional(),
  stopSequences: z.array(z.string()).optional(),
  reasoning: z.string().min(1).optional().describe('none, minimal, low, medium, high, xhigh, max, or a word of the vendor.'),
  parallelToolCalls: z.boolean().optional(),
  logitBias: z.record(z.string(), z.number()).optional(),
  topLogprobs: z.int().min(0).max(20).optional(),
  user: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  providerOptions: z.record(z.string(), z.record(z.string(), z.json())).optional().describe('Options only one vendor knows, by its dialect.'),
});
