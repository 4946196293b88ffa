/** Answers as validated objects: what the model is asked for, and the check of what it gave. */
import type { ResponseFormat } from '@modelport/plugin-api';
import { modelportError } from '../errors/modelport-error.ts';
import type { Answer } from './answer.ts';
import { checkValue, toJsonSchema, type DataSchema } from './data-schema.ts';

/** The response format a schema asks for; a name and a description are kept of `given`. Throws REQUEST_INVALID for a schema that cannot tell its JSON Schema. */
export function outputFormat(schema: DataSchema<unknown>, given?: ResponseFormat): ResponseFormat {
  return { ...(given?.type === 'json' ? given : {}), type: 'json', schema: toJsonSchema(schema) };
}

/**
 * The answer with its text parsed and validated. Throws OUTPUT_INVALID, with the answer's content kept as `partial`, when the text is no
 * JSON or does not fit; an answer that stopped for a tool call has no object yet and passes.
 */
export async function withObject<T>(answer: Answer<undefined>, schema: DataSchema<T>): Promise<Answer<T>> {
  if (answer.finishReason.unified === 'tool-calls') return answer as Answer as Answer<T>;
  let value: unknown;
  try {
    value = JSON.parse(answer.text);
  } catch (error) {
    throw invalid(answer, [answer.text.trim() === '' ? 'the answer has no text' : `it is no JSON: ${(error as Error).message}`]);
  }
  const checked = await checkValue(schema, value);
  if ('problems' in checked) throw invalid(answer, checked.problems);
  return { ...answer, object: checked.value as T };
}

function invalid(answer: Answer<undefined>, problems: readonly string[]): Error {
  const { backend, model, callId, content, finishReason, usage, warnings } = answer;
  return modelportError('OUTPUT_INVALID', { model, backend, problems, finish: finishReason.unified }, { backend, model, callId, retryable: true, partial: { content, finishReason, usage, warnings } });
}
