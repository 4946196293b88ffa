/** Everything a backend of this plugin can be told in the config, and what each word costs or changes on the wire. */
import { z } from 'zod';

const tokens = z.int().min(1);

/** The options of one backend. A key that is not listed is refused. */
export const OllamaOptions = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).optional()
    .describe('Address of the server, without /api. Default: the variable OLLAMA_HOST, else http://127.0.0.1:11434.'),
  numCtx: z.union([tokens, z.record(z.string(), tokens)]).optional()
    .describe('Context window in tokens, for all models or by model id, sent with every request as num_ctx. It takes memory with its size. Default: the server’s own, which depends on its memory and may be as small as 4096.'),
  truncate: z.boolean().default(false)
    .describe('Whether the server may shorten what does not fit the window. False = CONTEXT_OVERFLOW instead. Default: false.'),
  shift: z.boolean().optional()
    .describe('Whether the server may drop the oldest tokens when the answer itself outgrows the window; false = the answer ends there. Default: the server’s own.'),
  keepAlive: z.union([z.string().regex(/^-?(\d+(\.\d+)?(ms|s|m|h))+$/), z.number()]).optional()
    .describe('How long a model stays in memory after a call: a duration such as "10m", or seconds; negative = for ever, 0 = not at all. Default: the server’s own, 5 minutes.'),
  think: z.enum(['auto', 'levels', 'boolean']).default('auto')
    .describe('How the request’s reasoning effort travels: as a level (low, medium, high) or as yes and no. "auto" = levels for gpt-oss, which knows nothing else, yes and no for the rest. Default: auto.'),
  reasoningHistory: z.boolean().default(true)
    .describe('Whether earlier reasoning of this wire goes back with the history, as models that call tools while they think expect. False = left out with a warning. Default: true.'),
  options: z.record(z.string(), z.json()).default({})
    .describe('Model options of every request, in Ollama’s own words: min_p, repeat_penalty, num_gpu, num_thread and so on. The request’s own settings win. Default: none.'),
  maxValuesPerCall: z.int().min(1).default(512)
    .describe('Most texts in one embeddings request; the host splits. Default: 512.'),
});

/** The options as the plugin gets them: defaults filled in. */
export type OllamaOptions = z.output<typeof OllamaOptions>;
