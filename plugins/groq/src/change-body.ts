/** What goes into a body beside OpenAI's fields: tier, reasoning in Groq's words, tools it runs, and structured output where a model has it. */
import type { ChatRequest, Json } from '@modelport/plugin-api';
import type { Adapting } from '@modelport/openai/compatible';
import type { Fields } from '@modelport/plugin-api/kit';
import { isHosted } from './adapt-request.ts';
import type { GroqOptions } from './options.ts';

/** Changes the body of one request. `asked` is the request before anything was taken out of it. */
export function changeBody(body: Fields, asked: ChatRequest, adapting: Adapting, options: GroqOptions): void {
  if (options.serviceTier !== undefined) body['service_tier'] = options.serviceTier;
  addHostedTools(body, asked);
  limitStructuredOutput(body, adapting, options);
  addReasoning(body, adapting, options);
}

/** Models by the words in their ids; https://console.groq.com/docs/reasoning says what each knows. */
const GPT_OSS = /gpt-oss/;
const QWEN = /qwen-?3|qwq|deepseek-r1/;
/** Source: https://console.groq.com/docs/structured-outputs, "Supported models". */
const TAKES_SCHEMA = /gpt-oss|llama-4|kimi-k2/;

function addHostedTools(body: Fields, asked: ChatRequest): void {
  const hosted = (asked.tools ?? []).flatMap((tool): Json[] => (tool.type === 'provider' && isHosted(tool.id) ? [{ type: tool.id.slice('groq.'.length), ...tool.args }] : []));
  if (hosted.length > 0) body['tools'] = [...((body['tools'] ?? []) as readonly Json[]), ...hosted];
}

function limitStructuredOutput(body: Fields, { modelId, warnings }: Adapting, { structuredOutput }: GroqOptions): void {
  const format = body['response_format'] as { readonly type?: string } | undefined;
  if (format?.type !== 'json_schema') return;
  if (structuredOutput === 'auto' && !TAKES_SCHEMA.test(modelId)) {
    body['response_format'] = { type: 'json_object' };
    warnings.unsupported('responseFormat.schema', `${modelId} is not known to take a schema: JSON is asked for without one; the option structuredOutput says that it does.`);
    return;
  }
  // Groq streams no answer by schema: it comes whole and is told in parts.
  if (body['stream'] !== true) return;
  delete body['stream'];
  delete body['stream_options'];
  warnings.compatibility('streaming', 'Groq gives answers by a schema whole.');
}

function addReasoning(body: Fields, { modelId, warnings }: Adapting, { reasoningFormat }: GroqOptions): void {
  const asked = body['reasoning_effort'];
  if (GPT_OSS.test(modelId)) {
    // These models show their reasoning on its own channel, or not at all.
    if (reasoningFormat === 'hidden') body['include_reasoning'] = false;
    if (typeof asked === 'string') body['reasoning_effort'] = told(asked, { none: 'low', minimal: 'low', xhigh: 'high', max: 'high' }, modelId, warnings);
    return;
  }
  if (!QWEN.test(modelId)) return;
  const isStrict = body['tools'] !== undefined || body['response_format'] !== undefined;
  body['reasoning_format'] = reasoningFormat === 'raw' && isStrict ? 'parsed' : reasoningFormat;
  if (body['reasoning_format'] !== reasoningFormat) warnings.compatibility('reasoningFormat', 'Groq refuses raw reasoning beside tools or JSON: it comes parsed.');
  if (typeof asked === 'string') body['reasoning_effort'] = told(asked, { minimal: 'default', low: 'default', medium: 'default', high: 'default', xhigh: 'default', max: 'default' }, modelId, warnings);
}

/** The word the model knows for the effort that was asked. */
function told(asked: string, words: Readonly<Record<string, string>>, modelId: string, warnings: Adapting['warnings']): string {
  const word = Object.hasOwn(words, asked) ? words[asked] : undefined;
  if (word === undefined) return asked;
  warnings.compatibility('reasoning', `${modelId} does not know "${asked}": "${word}" is sent.`);
  return word;
}
