/**
 * The wires of vendors that @modelport/testing does not play, as far as the matrix needs them. Sources: ai.google.dev/api/generate-content,
 * docs.cohere.com/v2/reference/chat, docs.voyageai.com/reference, developers.cloudflare.com/workers-ai.
 */
import type { ScriptedToolCall, Turn } from '@modelport/testing';
import type { VendorWire } from './vendor-upstream.ts';

const deltasOf = ({ text }: Turn): readonly string[] => (text === undefined ? [] : typeof text === 'string' ? [text] : text);
const inputOf = ({ arguments: input = '{}' }: ScriptedToolCall): string => (typeof input === 'string' ? input : input.join(''));
const countsOf = ({ usage }: Turn): { readonly input: number; readonly output: number } => usage ?? { input: 11, output: 7 };
const vectors = (count: number): number[][] => Array.from({ length: count }, (_, index) => [index, 1, 2]);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Gemini's generateContent, whole and streamed, and batchEmbedContents. */
export const google: VendorWire = {
  answer(path, body, turn) {
    if (path.includes('mbedContent')) {
      const { requests } = body;
      return Array.isArray(requests) ? { json: { embeddings: vectors(requests.length).map((values) => ({ values })) } } : { json: { embedding: { values: [0, 1, 2] } } };
    }
    const { input, output } = countsOf(turn);
    const usageMetadata = { promptTokenCount: input, candidatesTokenCount: output, totalTokenCount: input + output };
    const calls = (turn.toolCalls ?? []).map((call) => ({ functionCall: { name: call.name, args: JSON.parse(inputOf(call)) as unknown } }));
    const finishReason = turn.finishReason === 'length' ? 'MAX_TOKENS' : 'STOP';
    const event = (parts: readonly object[], last: boolean): object => ({ responseId: 'r-1', modelVersion: 'gemini', candidates: [{ index: 0, content: { role: 'model', parts }, ...(last ? { finishReason } : {}) }], usageMetadata });
    const texts = deltasOf(turn).map((text) => ({ text }));
    if (!path.includes('streamGenerateContent')) return { json: event([...texts, ...calls], true) };
    return { events: [...texts.map((text) => event([text], false)), event(calls, true)] };
  },
  error: (status, message) => ({ error: { code: status, message, status: status === 429 ? 'RESOURCE_EXHAUSTED' : 'INVALID_ARGUMENT' } }),
};

/** Cohere's v2 chat, embed and rerank. */
export const cohere: VendorWire = {
  answer(path, body, turn) {
    const { input, output } = countsOf(turn);
    if (path.endsWith('/embed')) return { json: { id: 'e-1', embeddings: { float: vectors(listOf(body['texts']).length) }, meta: { billed_units: { input_tokens: input } } } };
    if (path.endsWith('/rerank')) return { json: { id: 'k-1', results: [{ index: 1, relevance_score: 0.9 }, { index: 0, relevance_score: 0.1 }], meta: {} } };
    const calls = (turn.toolCalls ?? []).map((call, index) => ({ id: call.id ?? `call_${index}`, type: 'function', function: { name: call.name, arguments: inputOf(call) } }));
    const finish = turn.finishReason === 'length' ? 'MAX_TOKENS' : calls.length > 0 ? 'TOOL_CALL' : 'COMPLETE';
    const usage = { billed_units: { input_tokens: input, output_tokens: output }, tokens: { input_tokens: input, output_tokens: output } };
    const texts = deltasOf(turn);
    if (body['stream'] !== true) return { json: { generation_id: 'g-1', message: { role: 'assistant', content: texts.length === 0 ? null : [{ type: 'text', text: texts.join('') }], tool_calls: calls }, finish_reason: finish, usage } };
    const textEvents = texts.length === 0 ? [] : [
      { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } }, ...texts.map((text) => ({ type: 'content-delta', index: 0, delta: { message: { content: { text } } } })), { type: 'content-end', index: 0 },
    ];
    const callEvents = calls.flatMap((call) => [{ type: 'tool-call-start', delta: { message: { tool_calls: { ...call, function: { ...call.function, arguments: '' } } } } }, { type: 'tool-call-delta', delta: { message: { tool_calls: { function: { arguments: call.function.arguments } } } } }, { type: 'tool-call-end' }]);
    return { events: [{ type: 'message-start', id: 'g-1' }, ...textEvents, ...callEvents, { type: 'message-end', delta: { finish_reason: finish, usage } }] };
  },
  error: (_status, message) => ({ message }),
};

/** Voyage's embeddings and rerank. */
export const voyage: VendorWire = {
  answer(path, body, turn) {
    const { input } = countsOf(turn);
    const usage = { total_tokens: input };
    if (path.endsWith('/rerank')) return { json: { object: 'list', model: 'rerank', data: [{ index: 1, relevance_score: 0.9 }, { index: 0, relevance_score: 0.1 }], usage } };
    return { json: { object: 'list', model: 'voyage', data: vectors(listOf(body['input']).length).map((embedding, index) => ({ object: 'embedding', embedding, index })), usage } };
  },
  error: (_status, message) => ({ detail: message }),
};

/** Cloudflare's Workers AI over REST, with answers in the chat-completions shape of its newer models. */
export const workersAI: VendorWire = {
  answer(path, body, turn) {
    const { input, output } = countsOf(turn);
    if (path.includes('reranker')) return { json: { success: true, result: { response: [{ id: 1, score: 0.9 }, { id: 0, score: 0.1 }] } } };
    if (Array.isArray(body['text'])) return { json: { success: true, result: { data: vectors(body['text'].length), shape: [body['text'].length, 3] } } };
    const calls = (turn.toolCalls ?? []).map((call, index) => ({ index, id: call.id ?? `call_${index}`, type: 'function', function: { name: call.name, arguments: inputOf(call) } }));
    const finish = turn.finishReason ?? (calls.length > 0 ? 'tool_calls' : 'stop');
    const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
    const toolCalls = calls.length === 0 ? {} : { tool_calls: calls };
    const texts = deltasOf(turn);
    if (body['stream'] !== true) return { json: { success: true, result: { id: 'w-1', choices: [{ index: 0, message: { role: 'assistant', content: texts.length === 0 ? null : texts.join(''), ...toolCalls }, finish_reason: finish }], usage } } };
    const chunk = (delta: object, reason: string | null): object => ({ id: 'w-1', choices: [{ index: 0, delta, finish_reason: reason }] });
    return { events: [...texts.map((content) => chunk({ content }, null)), ...(calls.length === 0 ? [] : [chunk(toolCalls, null)]), { ...chunk({}, finish), usage }], done: true };
  },
  error: (status, message) => ({ success: false, errors: [{ code: status, message }] }),
};
