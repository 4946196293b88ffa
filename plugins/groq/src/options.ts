/** Everything a backend of this plugin can be told in the config, and what each word changes on the wire. */
import { z } from 'zod';

/** The options of one backend. A key that is not listed is refused. */
export const GroqOptions = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).default('https://api.groq.com/openai/v1')
    .describe('Address of the API up to and including the version. Default: https://api.groq.com/openai/v1.'),
  serviceTier: z.enum(['auto', 'on_demand', 'flex', 'performance']).optional()
    .describe('Tier of every request: "flex" has higher limits and is refused at once (OVERLOADED) when there is no room. Default: the vendor’s, on_demand.'),
  reasoningFormat: z.enum(['parsed', 'hidden', 'raw']).default('parsed')
    .describe('Where the reasoning of models that reason goes: on its own channel, nowhere, or into the text within <think> tags. With tools or JSON "raw" is refused there and becomes "parsed", with a warning. Default: parsed.'),
  structuredOutput: z.enum(['auto', 'json_schema', 'json_object']).default('auto')
    .describe('The most that response_format takes. "auto" = a schema for the gpt-oss, Llama 4 and Kimi K2 models, JSON without a schema for the rest, with a warning. Default: auto.'),
  models: z.array(z.string().min(1)).optional()
    .describe('Ids to list instead of asking GET /models. Default: ask.'),
});

/** The options as the plugin gets them: defaults filled in. */
export type GroqOptions = z.output<typeof GroqOptions>;
