/** Answers in JSON: by the API's own structured output, or by a tool the model is made to call. */
import type { ChatRequest, JsonObject } from '@modelport/plugin-api';
import type { Fields, ToolNames, Warnings } from '@modelport/plugin-api/kit';
import type { ModelTraits } from '../model-traits.ts';
import type { AnthropicOptions } from '../options.ts';
import { toNativeSchema } from './native-schema.ts';

/** What a response format becomes; both absent = nothing on the wire. */
export interface EncodedFormat {
  /** The field `output_config.format`. */
  readonly format?: JsonObject;
  /** A tool whose input is the answer. */
  readonly answerTool?: Fields & { readonly name: string };
}

/** Encodes the response format. Without a schema any JSON object is asked for, which only the tool can carry. */
export function encodeResponseFormat(
  { responseFormat }: ChatRequest, mode: AnthropicOptions['structuredOutput'], traits: ModelTraits, names: ToolNames, warnings: Warnings,
): EncodedFormat {
  if (responseFormat === undefined || responseFormat.type === 'text') return {};
  if (mode === 'none') {
    warnings.unsupported('responseFormat', 'The option structuredOutput is "none".');
    return {};
  }
  const { schema, name, description } = responseFormat;
  const native = schema === undefined || mode === 'tool' || (mode === 'auto' && !traits.nativeSchemas) ? undefined : toNativeSchema(schema);
  if (native !== undefined) {
    return { format: { type: 'json_schema', schema: description === undefined ? native : { description, ...native } } };
  }
  if (mode === 'native' || !traits.forcedTools) {
    warnings.unsupported('responseFormat', schema === undefined ? 'This model takes a JSON format only with a schema.' : 'This model’s structured output cannot express the schema.');
    return {};
  }
  return {
    answerTool: {
      name: names.free(name ?? 'json'), description: description ?? 'Gives the answer as JSON.', input_schema: { type: 'object', ...schema },
    },
  };
}
