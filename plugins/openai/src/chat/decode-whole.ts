/** A chat completion that arrived whole becomes the result that folding its stream would give. */
import type { ChatPart, ChatResult, ContentPart, ToolCallPart } from '@modelport/plugin-api';
import { protocolError, ToolCallCollector, withoutCookies } from '@modelport/plugin-api/kit';
import type { AnswerContext } from '../answer-context.ts';
import { insideAnswer } from '../error.ts';
import { callIdMaker, markTextTools, toResponseMetadata } from './decode.ts';
import { AnswerFacts, extraContent, toCitations } from './facts.ts';
import { toFinishReason } from './finish.ts';
import { toUsage } from './usage.ts';
import type { WireCompletion, WireMessage, WireToolCall } from './wire.ts';

/** Reads a whole completion. Throws PROTOCOL for one without a message, or the CallError of an error inside it. */
export function decodeChatCompletion(value: unknown, context: AnswerContext): ChatResult {
  const completion = value as WireCompletion;
  const { dialect } = context.options;
  const choice = completion.choices?.find((candidate) => (candidate.index ?? 0) === 0);
  const message = choice?.message ?? choice?.delta;
  if (choice?.finish_reason === 'error') throw insideAnswer({ error: choice.error ?? { message: 'The vendor ended the answer with an error.' } }, context.headers, context.vendor);
  if (choice === undefined || message === null || message === undefined) throw protocolError('The answer is JSON without a message.', context.headers);
  const facts = new AnswerFacts(context, false);
  facts.add(completion, choice);
  const content: ContentPart[] = [];
  const { text, reasoning } = textsOf(message);
  if (message.reasoning_details) facts.addReasoningDetails(message.reasoning_details);
  if (reasoning !== '' || (message.reasoning_details?.length ?? 0) > 0) content.push({ type: 'reasoning', text: reasoning, providerMetadata: facts.reasoningMetadata() });
  const citations = toCitations(message.annotations ?? [], 0);
  if (text !== '') content.push({ type: 'text', text, ...(citations.length === 0 ? {} : { citations }) });
  if (message.refusal) content.push({ type: 'text', text: message.refusal, providerMetadata: { [dialect]: { refusal: true } } });
  const calls = toolCallsOf(message, context);
  content.push(...calls, ...citations.map((citation) => citation.source));
  const providerMetadata = facts.metadata();
  const usage = toUsage(completion.usage ?? completion.x_groq?.usage);
  return {
    content,
    finishReason: toFinishReason(choice.finish_reason ?? undefined, { hasCalls: calls.length > 0, hasRefusal: Boolean(message.refusal) }),
    usage: context.vendor.readUsage?.(usage, { headers: context.headers, isStream: false }) ?? usage,
    response: { ...toResponseMetadata(completion), headers: withoutCookies(context.headers) },
    ...(providerMetadata === undefined ? {} : { providerMetadata }),
    ...(context.encoded.warnings.length === 0 ? {} : { warnings: context.encoded.warnings }),
  };
}

function textsOf(message: WireMessage): { readonly text: string; readonly reasoning: string } {
  const said = message.reasoning_content ?? message.reasoning ?? '';
  const { content } = message;
  if (!Array.isArray(content)) return { text: typeof content === 'string' ? content : '', reasoning: said };
  const text = content.map((piece) => piece.text ?? '').join('');
  const thought = content.map((piece) => (typeof piece.thinking === 'string' ? piece.thinking : (piece.thinking ?? []).map((item: { readonly text?: string }) => item.text ?? '').join(''))).join('');
  return { text, reasoning: said + thought };
}

function toolCallsOf(message: WireMessage, { call, encoded, options }: AnswerContext): ToolCallPart[] {
  const wireCalls: readonly WireToolCall[] = message.tool_calls ?? (message.function_call ? [{ function: message.function_call }] : []);
  const collector = new ToolCallCollector({ newId: callIdMaker(call) });
  const parts: ChatPart[] = [];
  for (const [index, wireCall] of wireCalls.entries()) {
    const wireName = wireCall.function?.name ?? wireCall.custom?.name;
    collector.add({
      index, id: wireCall.id, toolName: wireName ? encoded.names.original(wireName) : undefined,
      input: wireCall.function?.arguments ?? wireCall.custom?.input,
      providerMetadata: extraContent(wireCall, options.dialect),
    }, parts);
  }
  collector.endAll(parts);
  markTextTools(parts, 0, encoded.textTools);
  return parts.filter((part): part is ToolCallPart => part.type === 'tool-call');
}
