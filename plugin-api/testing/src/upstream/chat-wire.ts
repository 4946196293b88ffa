/** A turn as OpenAI's chat completions say it, streamed and whole. Source: the API reference and the official client's types. */
import { deltasOf, wholeOf, type Turn } from './turn.ts';

/** What of a request shapes its answer. */
export interface ChatWireRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly logprobs?: boolean;
}

/** Seconds since 1970 that every answer carries, so that a script gives the same bytes each time. */
export const CREATED = 1_760_000_000;

/** The events of a streamed completion, without `[DONE]`. */
export function toChatChunks(turn: Turn, request: ChatWireRequest, number: number): object[] {
  const includeUsage = request.stream_options?.include_usage === true && turn.usage !== null;
  const base = {
    id: `chatcmpl-${number}`, object: 'chat.completion.chunk', created: CREATED, model: turn.model ?? request.model ?? 'scripted',
    service_tier: 'default', system_fingerprint: 'fp_scripted',
  };
  const chunk = (delta: object, rest: object = {}): object => ({
    ...base, choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...rest }], ...(includeUsage ? { usage: null } : {}),
  });
  const chunks = [chunk({ role: 'assistant', content: '', refusal: null })];
  for (const delta of deltasOf(turn.reasoning)) chunks.push(chunk({ reasoning_content: delta }));
  for (const delta of deltasOf(turn.text)) chunks.push(chunk({ content: delta }, request.logprobs === true ? { logprobs: logprobsOf(turn, [delta]) } : {}));
  for (const delta of deltasOf(turn.refusal)) chunks.push(chunk({ refusal: delta }));
  for (const [index, call] of (turn.toolCalls ?? []).entries()) {
    chunks.push(chunk({ tool_calls: [{ index, id: call.id ?? `call_${number}_${index}`, type: 'function', function: { name: call.name, arguments: '' } }] }));
    for (const fragment of deltasOf(call.arguments)) chunks.push(chunk({ tool_calls: [{ index, function: { arguments: fragment } }] }));
  }
  if (turn.citations !== undefined) chunks.push(chunk({ annotations: annotationsOf(turn) }));
  if (turn.finishReason !== null) chunks.push(chunk({}, { finish_reason: finishReasonOf(turn) }));
  if (includeUsage) chunks.push({ ...base, choices: [], usage: usageOf(turn) });
  return chunks;
}

/** The whole completion. */
export function toChatCompletion(turn: Turn, request: ChatWireRequest, number: number): object {
  const toolCalls = turn.toolCalls?.map((call, index) => ({
    id: call.id ?? `call_${number}_${index}`, type: 'function', function: { name: call.name, arguments: wholeOf(call.arguments) },
  }));
  return {
    id: `chatcmpl-${number}`, object: 'chat.completion', created: CREATED, model: turn.model ?? request.model ?? 'scripted',
    choices: [{
      index: 0,
      message: {
        role: 'assistant', content: turn.text === undefined ? null : wholeOf(turn.text), refusal: turn.refusal === undefined ? null : wholeOf(turn.refusal),
        ...(turn.reasoning === undefined ? {} : { reasoning_content: wholeOf(turn.reasoning) }),
        ...(toolCalls === undefined ? {} : { tool_calls: toolCalls }),
        annotations: annotationsOf(turn),
      },
      logprobs: request.logprobs === true ? logprobsOf(turn, deltasOf(turn.text)) : null,
      finish_reason: finishReasonOf(turn),
    }],
    ...(turn.usage === null ? {} : { usage: usageOf(turn) }),
    service_tier: 'default', system_fingerprint: 'fp_scripted',
  };
}

function finishReasonOf(turn: Turn): string {
  return turn.finishReason ?? (turn.toolCalls === undefined ? 'stop' : 'tool_calls');
}

function annotationsOf(turn: Turn): object[] {
  const end = wholeOf(turn.text).length;
  return (turn.citations ?? []).map(({ url, title }) => ({ type: 'url_citation', url_citation: { url, title, start_index: 0, end_index: end } }));
}

function logprobsOf(turn: Turn, tokens: readonly string[]): object {
  return { content: tokens.map((token) => ({ token, logprob: turn.logprob ?? -0.1, bytes: [...Buffer.from(token)], top_logprobs: [] })), refusal: null };
}

function usageOf({ usage }: Turn): object {
  const { input, output, cached, reasoning } = usage ?? { input: 11, output: 7 };
  return {
    prompt_tokens: input, completion_tokens: output, total_tokens: input + output,
    ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 } }),
    ...(reasoning === undefined ? {} : {
      completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
    }),
  };
}
