/** The lines of a chat answer become parts; so does an answer that came whole. */
import type { Call, ChatPart, ChatResult, ContentPart, FinishReason, JsonObject, ProviderData, ResponseMetadata, ToolCallPart, Usage } from '@modelport/plugin-api';
import { protocolError, type AnswerDecoder } from '@modelport/plugin-api/kit';
import { insideAnswer, type AskedModel } from './error.ts';
import type { WireChatLine, WireToolCall } from './wire.ts';

/** What a decoder must know of the answer it reads. */
export interface AnswerContext {
  readonly call: Call;
  readonly asked: AskedModel;
  readonly headers: Readonly<Record<string, string>>;
}

/** Marks reasoning as this wire's own, so that it goes back with the history. */
const OWN_REASONING: ProviderData = { ollama: { thinking: true } };

/** Reads the lines of one streamed answer. Source: "Generate a chat completion" of Ollama's docs/api.md. */
export class ChatDecoder implements AnswerDecoder<WireChatLine | null> {
  /** Whether the line came that says that the answer is whole. */
  done = false;
  /** How many lines were not JSON, counted by their reader. */
  unreadable = 0;
  private readonly context: AnswerContext;
  private readonly calls: ToolCalls;
  private readonly logprobs: JsonObject[] = [];
  private last: WireChatLine = {};
  private described = false;
  private reasoningBlocks = 0;
  private reasoningOpen = false;

  constructor(context: AnswerContext) {
    this.context = context;
    this.calls = new ToolCalls(context.call);
  }

  /** Takes one line and appends its parts. Throws the CallError of an error line. */
  push(value: WireChatLine | null, parts: ChatPart[]): void {
    if (this.done) return;
    const line = value ?? {};
    if (this.context.call.includeRaw === true) parts.push({ type: 'raw', rawValue: line });
    if (line.error !== undefined && line.error !== null) throw insideAnswer(line.error, this.context.headers, this.context.asked);
    if (!this.described) {
      this.described = true;
      parts.push({ type: 'response-metadata', ...toResponseMetadata(line) });
    }
    const { message } = line;
    if (message?.thinking) {
      this.reasoningOpen = true;
      parts.push({ type: 'reasoning-delta', id: `reasoning-${this.reasoningBlocks}`, delta: message.thinking });
    }
    if (message?.content) {
      this.endReasoning(parts);
      parts.push({ type: 'text-delta', id: 'text', delta: message.content });
    }
    for (const call of message?.tool_calls ?? []) {
      this.endReasoning(parts);
      parts.push(this.calls.toPart(call));
    }
    if (line.logprobs) this.logprobs.push(...line.logprobs);
    if (line.done !== true) return;
    this.done = true;
    this.last = line;
  }

  /** The stream is over: appends what closes the answer. Throws PROTOCOL for one that was cut. */
  end(parts: ChatPart[]): void {
    if (!this.done) throw protocolError('The stream ended before the answer was whole.', this.context.headers, true);
    // A line cut off at the end is a cut answer; one in the middle of a whole answer is left out, and said.
    if (this.unreadable > 0) parts.push({ type: 'warning', warning: { type: 'other', message: `${this.unreadable} of the answer’s lines were not JSON and are left out.` } });
    this.endReasoning(parts);
    const { last } = this;
    parts.push({ type: 'finish', finishReason: toFinishReason(last, this.calls.count > 0), usage: toUsage(last), providerMetadata: toMetadata(last, this.logprobs) });
  }

  private endReasoning(parts: ChatPart[]): void {
    if (!this.reasoningOpen) return;
    this.reasoningOpen = false;
    parts.push({ type: 'reasoning-end', id: `reasoning-${this.reasoningBlocks}`, providerMetadata: OWN_REASONING });
    this.reasoningBlocks += 1;
  }
}

/** Reads an answer that came whole. Throws PROTOCOL for one that is not. */
export function decodeWhole(answer: WireChatLine, context: AnswerContext): ChatResult {
  if (answer.done !== true) throw protocolError('The answer does not say that it is whole.');
  const calls = new ToolCalls(context.call);
  const { message } = answer;
  const content: ContentPart[] = [];
  if (message?.thinking) content.push({ type: 'reasoning', text: message.thinking, providerMetadata: OWN_REASONING });
  if (message?.content) content.push({ type: 'text', text: message.content });
  for (const call of message?.tool_calls ?? []) content.push(calls.toPart(call));
  return {
    content, finishReason: toFinishReason(answer, calls.count > 0), usage: toUsage(answer),
    response: { ...toResponseMetadata(answer), headers: context.headers }, providerMetadata: toMetadata(answer, answer.logprobs ?? []),
  };
}

/** Tool calls of one answer, each with an id of its own: the server's, or one made of the call's, so that the same bytes give the same parts. */
class ToolCalls {
  /** How many there were. */
  count = 0;
  private readonly taken = new Set<string>();
  private readonly stem: string;

  constructor(call: Call) {
    this.stem = `call_${call.id.replace(/[^A-Za-z0-9]/g, '').slice(-40)}`;
  }

  /** Throws PROTOCOL for a call that names no tool. */
  toPart({ id, function: called }: WireToolCall): ToolCallPart {
    if (!called?.name) throw protocolError('The model called a tool without naming it.');
    this.count += 1;
    const wanted = id && !this.taken.has(id) ? id : `${this.stem}_${this.count}`;
    this.taken.add(wanted);
    const { arguments: given } = called;
    const input = typeof given === 'string' ? given : JSON.stringify(given ?? {});
    return { type: 'tool-call', toolCallId: wanted, toolName: called.name, input: input.trim() === '' ? '{}' : input };
  }
}

function toResponseMetadata({ model, created_at: createdAt }: WireChatLine): ResponseMetadata {
  const timestamp = new Date(createdAt ?? Number.NaN);
  return { ...(model === undefined ? {} : { modelId: model }), ...(Number.isNaN(timestamp.getTime()) ? {} : { timestamp }) };
}

/** The server says "stop" beside tool calls too. Servers before 0.1.36 say nothing. */
function toFinishReason({ done_reason: raw }: WireChatLine, hasCalls: boolean): FinishReason {
  if (raw === 'length') return { unified: 'length', raw };
  if (hasCalls) return { unified: 'tool-calls', raw };
  return { unified: raw === undefined || raw === 'stop' ? 'stop' : 'other', raw };
}

/** The server leaves out a count of 0, which is what a prompt that was wholly cached may have: then it is unknown. */
function toUsage({ prompt_eval_count: input, eval_count: output }: WireChatLine): Usage {
  return {
    inputTokens: { total: input }, outputTokens: { total: output },
    ...(input === undefined && output === undefined ? {} : { raw: { ...(input === undefined ? {} : { prompt_eval_count: input }), ...(output === undefined ? {} : { eval_count: output }) } }),
  };
}

/** How long each step took, and what else only this server says. The wire counts in nanoseconds. */
function toMetadata(line: WireChatLine, logprobs: readonly JsonObject[]): ProviderData {
  const milliseconds = (name: string, nanoseconds: number | undefined): JsonObject => (nanoseconds === undefined ? {} : { [name]: nanoseconds / 1e6 });
  return {
    ollama: {
      ...milliseconds('totalDurationMs', line.total_duration), ...milliseconds('loadDurationMs', line.load_duration),
      ...milliseconds('promptEvalDurationMs', line.prompt_eval_duration), ...milliseconds('evalDurationMs', line.eval_duration),
      ...(line.remote_model === undefined ? {} : { remoteModel: line.remote_model }),
      ...(logprobs.length === 0 ? {} : { logprobs }),
    },
  };
}
