/** A scripted turn as Ollama writes it: lines of JSON, or one object. Source: docs/api.md and api/types.go of github.com/ollama/ollama. */
import { eventsBefore, faultOf, type Fault } from './fault.ts';
import { deltasOf, wholeOf, type ScriptedToolCall, type Turn } from './turn.ts';

/** What of a chat request changes the answer. */
export interface OllamaChatRequest {
  readonly model?: string;
  /** Absent = true, unlike everywhere else. */
  readonly stream?: boolean;
  readonly logprobs?: boolean;
  readonly think?: boolean | string;
}

const CREATED_AT = '2026-11-21T10:00:00.123456789Z';

/** The lines of a streamed answer, the last of them with the figures. */
export function toOllamaLines(turn: Turn, request: OllamaChatRequest): object[] {
  const line = (message: object, more: object = {}): object => ({ ...headOf(turn, request), message: { role: 'assistant', content: '', ...message }, ...more, done: false });
  return [
    ...deltasOf(turn.reasoning).map((thinking) => line({ thinking })),
    ...deltasOf(turn.text ?? turn.refusal).map((content) => line({ content }, logprobsOf(turn, request, [content]))),
    // Each call comes whole, in a line of its own.
    ...(turn.toolCalls ?? []).map((call, index) => line({ tool_calls: [toToolCall(call, index)] })),
    { ...headOf(turn, request), message: { role: 'assistant', content: '' }, ...tailOf(turn) },
  ];
}

/** The whole answer as one object. */
export function toOllamaAnswer(turn: Turn, request: OllamaChatRequest): object {
  const thinking = wholeOf(turn.reasoning);
  const calls = (turn.toolCalls ?? []).map(toToolCall);
  const deltas = deltasOf(turn.text ?? turn.refusal);
  return {
    ...headOf(turn, request),
    message: { role: 'assistant', content: deltas.join(''), ...(thinking === '' ? {} : { thinking }), ...(calls.length === 0 ? {} : { tool_calls: calls }) },
    ...logprobsOf(turn, request, deltas), ...tailOf(turn),
  };
}

/** Lines as bytes, with the faults that concern lines. The server ends each with a newline. */
export function toLineBytes(lines: readonly (object | string)[], faults: readonly Fault[]): Buffer {
  const failing = faultOf(faults, 'error-event');
  const unreadable = faultOf(faults, 'unreadable-event');
  const sent: (object | string)[] = failing === undefined ? [...lines] : [...eventsBefore(lines, failing), failing.error];
  if (faultOf(faults, 'no-done') !== undefined) sent.pop();
  if (unreadable !== undefined) sent.splice(unreadable.before, 0, '{"model":"scripted","mess');
  sent.push(...(faultOf(faults, 'events-after-done')?.events ?? []));
  const lineEnd = faultOf(faults, 'crlf') === undefined ? '\n' : '\r\n';
  const start = faultOf(faults, 'byte-order-mark') === undefined ? '' : '\uFEFF';
  const blank = ' '.repeat(faultOf(faults, 'long-line')?.bytes ?? 0);
  const text = start + blank + sent.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)) + lineEnd).join('');
  return Buffer.from(faultOf(faults, 'no-final-newline') === undefined ? text : text.trimEnd());
}

function headOf(turn: Turn, { model = 'scripted' }: OllamaChatRequest): object {
  return { model: turn.model ?? model, created_at: CREATED_AT };
}

/** Durations in nanoseconds. A count of 0 is left out, as Go's `omitempty` does. */
function tailOf(turn: Turn): object {
  const usage = turn.usage === undefined ? { input: 11, output: 7 } : turn.usage;
  const reason = turn.finishReason === undefined ? 'stop' : turn.finishReason;
  return {
    ...(reason === null ? {} : { done_reason: reason }), done: true, total_duration: 5_191_566_416, load_duration: 2_154_458,
    ...(usage === null || usage.input === 0 ? {} : { prompt_eval_count: usage.input }), prompt_eval_duration: 383_809_000,
    ...(usage === null || usage.output === 0 ? {} : { eval_count: usage.output }), eval_duration: 4_799_921_000,
  };
}

function logprobsOf(turn: Turn, { logprobs }: OllamaChatRequest, deltas: readonly string[]): object {
  return logprobs === true ? { logprobs: deltas.map((token) => ({ token, logprob: turn.logprob ?? -0.1 })) } : {};
}

/** Arguments are an object; what is no JSON goes out as the text it is, which no Ollama does and imitators do. */
function toToolCall({ id, name, arguments: given }: ScriptedToolCall, index: number): object {
  const text = wholeOf(given);
  let parsed: unknown = text;
  try {
    parsed = JSON.parse(text === '' ? '{}' : text);
  } catch {
    // Stays the text.
  }
  return { ...(id === undefined ? {} : { id }), function: { index, name, arguments: parsed } };
}
