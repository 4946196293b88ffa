/** What the tests of this package share: a call, and readers of a stream. */
import type { Call, ChatModel, ChatPart, ChatRequest, Message, ToolOutput } from '@modelport/plugin-api';

/** A call with nothing special about it. */
export function newCall(more: Partial<Call> = {}): Call {
  return { id: 'call-1', signal: new AbortController().signal, attempt: 1, ...more };
}

/** A request that holds one user message. */
export function ask(text: string, more: Partial<ChatRequest> = {}): ChatRequest {
  return { messages: [user(text)], ...more };
}

/** A user message. */
export function user(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

/** The two messages of a tool call and its result. */
export function toolRound(toolName: string, input: unknown, output: ToolOutput, toolCallId = 'call_1_1'): readonly Message[] {
  return [
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId, toolName, input: JSON.stringify(input) }] },
    { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] },
  ];
}

/** Every part of the answer, batches taken apart. Parts read before a failure land in `into`. */
export async function partsOfAnswer(model: ChatModel, request: ChatRequest, call: Call = newCall(), into: ChatPart[] = []): Promise<ChatPart[]> {
  for await (const batch of model.stream(request, call)) into.push(...(isBatch(batch) ? batch : [batch]));
  return into;
}

/** The text of the answer. */
export async function textOfAnswer(model: ChatModel, request: ChatRequest, call?: Call): Promise<string> {
  return joined(await partsOfAnswer(model, request, call));
}

/** The text deltas among parts, joined. */
export function joined(parts: readonly ChatPart[]): string {
  return parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');
}

/** The parts of one type. */
export function ofType<Type extends ChatPart['type']>(parts: readonly ChatPart[], type: Type): Extract<ChatPart, { readonly type: Type }>[] {
  return parts.filter((part): part is Extract<ChatPart, { readonly type: Type }> => part.type === type);
}

/** What a promise rejects with; fails when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then((value) => ({ value }), (failure: unknown) => ({ failure }));
  if ('failure' in outcome) return outcome.failure;
  throw new Error(`expected a failure, got ${JSON.stringify(outcome.value)}`);
}

function isBatch(batch: ChatPart | readonly ChatPart[]): batch is readonly ChatPart[] {
  return Array.isArray(batch);
}
