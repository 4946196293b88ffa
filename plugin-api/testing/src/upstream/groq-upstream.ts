/** A scripted upstream that speaks OpenAI's wire as Groq does: timings in the usage, `x_groq` in the first and the last chunk, its refusals. */
import { createOpenAIUpstream, type OpenAIUpstream, type OpenAIUpstreamOptions } from './openai-upstream.ts';
import type { ScriptedError } from './turn.ts';

/** How the upstream answers. */
export type GroqUpstreamOptions = Omit<OpenAIUpstreamOptions, 'basePath' | 'change' | 'refuse' | 'routes' | 'arraysOnly'>;

/** Starts an upstream on a free port of 127.0.0.1. Source of the shapes: the types of groq-sdk and https://console.groq.com/docs/openai. */
export async function createGroqUpstream(options: GroqUpstreamOptions = {}): Promise<OpenAIUpstream> {
  return createOpenAIUpstream({ ...options, basePath: '/openai/v1', refuse, change });
}

/** Fields that Groq answers with a 400. */
const REFUSED = ['logprobs', 'top_logprobs', 'logit_bias'];

function refuse(body: unknown): ScriptedError | undefined {
  const request = (body ?? {}) as Readonly<Record<string, unknown>>;
  const field = REFUSED.find((name) => request[name] !== undefined);
  if (field !== undefined) return { status: 400, message: `property '${field}' is unsupported` };
  if (request['n'] !== undefined && request['n'] !== 1) return { status: 400, message: "'n' : number must be at most 1" };
  const messages = (request['messages'] ?? []) as readonly { readonly name?: unknown }[];
  if (messages.some(({ name }) => name !== undefined)) return { status: 400, message: "property 'name' is unsupported" };
  const isStrict = request['tools'] !== undefined || request['response_format'] !== undefined;
  if (request['reasoning_format'] === 'raw' && isStrict) return { status: 400, message: '`reasoning_format` `raw` is not supported with tools or JSON mode' };
  const format = request['response_format'] as { readonly type?: string } | undefined;
  if (format?.type === 'json_schema' && request['stream'] === true) return { status: 400, message: 'streaming is not supported with response format `json_schema`' };
  return undefined;
}

interface Chunk {
  readonly object?: string;
  readonly usage?: object | null;
  readonly choices?: readonly { readonly delta?: { readonly role?: string }; readonly finish_reason?: string | null }[];
}

const TIMES = { queue_time: 0.01, prompt_time: 0.002, completion_time: 0.03, total_time: 0.032 };

function change(value: object, number: number): object {
  const { object, usage, choices = [] } = value as Chunk;
  const id = `req_groq_${number}`;
  const timed = usage ? { ...usage, ...TIMES } : undefined;
  if (object === 'chat.completion') return { ...value, ...(timed === undefined ? {} : { usage: timed }), x_groq: { id, seed: 7, usage: { dram_cached_tokens: 0, sram_cached_tokens: 0 } }, service_tier: 'on_demand' };
  // The standard usage comes in a chunk of its own, and the same once more in x_groq where it is the last.
  if (choices.length === 0) return { ...value, ...(timed === undefined ? {} : { usage: timed, x_groq: { id, usage: timed } }) };
  if (choices[0]?.delta?.role !== undefined) return { ...value, x_groq: { id } };
  return choices[0]?.finish_reason ? { ...value, x_groq: { id, seed: 7 } } : value;
}
