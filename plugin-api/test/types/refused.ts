/** What the contract's types refuse: each line below is an error, and a line that stops being one fails the compilation. */
import { definePlugin } from '@modelport/plugin-api';
import type { ChatPart, ChatRequest, FinishReason, Provider, ToolCallPart, Usage } from '@modelport/plugin-api';

// @ts-expect-error a plugin names the major it is written against
definePlugin({ start: () => ({}) });
// @ts-expect-error this copy of the contract knows one major
definePlugin({ api: 2, start: () => ({}) });
// @ts-expect-error failures are thrown, there is no part for them
const failure: ChatPart = { type: 'error', error: new Error('x') };
// @ts-expect-error the input of a tool call is raw text
const call: ToolCallPart = { type: 'tool-call', toolCallId: 'a', toolName: 'f', input: {} };
// @ts-expect-error usage says of input and output what it knows, even if that is nothing
const usage: Usage = { outputTokens: {} };
// @ts-expect-error payloads are immutable
const change = (request: ChatRequest): void => void (request.temperature = 1);
// @ts-expect-error embeddings keep to their shape
const provider: Provider = { embeddingModel: () => ({ embed: async () => ({ vectors: [] }) }) };

/** Scalar words are open. */
export const open: FinishReason = { unified: 'a-word-of-next-year' };
/** Narrowing on the tag works all the same. */
export const textOf = (part: ChatPart): string | undefined => (part.type === 'text-delta' ? part.delta : undefined);
export { call, change, failure, provider, usage };
