/** A scripted upstream for each wire the targets speak: those of @modelport/testing, and small ones for vendors that have none there. */
import { createAnthropicUpstream, createBedrockUpstream, createOllamaUpstream, createOpenAIUpstream, type Turn } from '@modelport/testing';
import { createVendorUpstream } from './vendor-upstream.ts';
import { cohere, google, voyage, workersAI } from './vendor-wires.ts';

/** `usage-last`: OpenAI's chat completions with the counts in the last chunk unasked, as most vendors that imitate it send them. */
export type WireName = 'openai' | 'usage-last' | 'zhipu' | 'groq' | 'anthropic' | 'ollama' | 'workers-ai' | 'voyage' | 'google' | 'bedrock' | 'cohere';

/** What a test reads of a request. */
export interface SeenRequest {
  readonly text: string;
  /** Resolves when the client's connection closes. */
  readonly closed: Promise<void>;
}

/** A running upstream. */
export interface WireUpstream {
  /** Address without a path. */
  readonly origin: string;
  readonly requests: readonly SeenRequest[];
  /** Replaces the answers to come; the last one is repeated. */
  script(...turns: readonly Turn[]): void;
  close(): Promise<void>;
}

/** Starts an upstream of that wire on loopback. */
export async function createWireUpstream(wire: WireName): Promise<WireUpstream> {
  switch (wire) {
    case 'openai': return fromOpenAI({});
    case 'usage-last':
    case 'groq': return fromOpenAI({ change: withUsage(wire) });
    case 'zhipu': {
      const upstream = await fromOpenAI({ change: withUsage('usage-last') });
      return { ...upstream, script: (...turns) => { upstream.script(...turns.map(wholeToolCalls)); } };
    }
    case 'anthropic': return fromTesting(await createAnthropicUpstream());
    case 'ollama': return fromTesting(await createOllamaUpstream());
    case 'bedrock': return fromTesting(await createBedrockUpstream({ lenient: true }));
    case 'google': return createVendorUpstream(google);
    case 'cohere': return createVendorUpstream(cohere);
    case 'voyage': return createVendorUpstream(voyage);
    case 'workers-ai': return createVendorUpstream(workersAI);
  }
}

async function fromOpenAI(options: Parameters<typeof createOpenAIUpstream>[0]): Promise<WireUpstream> {
  const upstream = await createOpenAIUpstream(options);
  return { ...fromTesting(upstream), origin: upstream.baseUrl.replace(/\/v1$/, '') };
}

interface TestingUpstream { readonly baseUrl: string; readonly requests: readonly SeenRequest[]; script(...turns: readonly Turn[]): void; close(): Promise<void> }

function fromTesting(upstream: TestingUpstream): WireUpstream {
  return { origin: upstream.baseUrl, requests: upstream.requests, script: (...turns) => { upstream.script(...turns); }, close: () => upstream.close() };
}

/** The counts every scripted answer of the matrix has. */
export const scriptedUsage = { input: 20, output: 9 } as const;

/** Zhipu streams each tool call in one chunk. */
function wholeToolCalls(turn: Turn): Turn {
  if (turn.toolCalls === undefined) return turn;
  const tool_calls = turn.toolCalls.map(({ id = 'call', name, arguments: input = '' }, index) => ({ index, id, type: 'function', function: { name, arguments: typeof input === 'string' ? input : input.join('') } }));
  const chunk = (delta: object, more: object): object => ({ id: 'z-1', created: 1_760_000_000, model: 'glm', choices: [{ index: 0, delta, ...more }] });
  const counts = { prompt_tokens: scriptedUsage.input, completion_tokens: scriptedUsage.output, total_tokens: scriptedUsage.input + scriptedUsage.output };
  return { ...turn, events: [chunk({ role: 'assistant', tool_calls }, {}), { ...chunk({}, { finish_reason: 'tool_calls' }), usage: counts }] };
}

/** Chunks of vendors that send no `usage: null`, and the counts beside the finish reason; Groq's under a key of its own. */
function withUsage(wire: 'usage-last' | 'groq'): (value: object) => object {
  return (value) => {
    const { usage, ...chunk } = value as { readonly usage?: object | null; readonly object?: string; readonly choices?: readonly { readonly finish_reason?: string | null }[] };
    if (chunk.object !== 'chat.completion.chunk') return value;
    if (chunk.choices?.some(({ finish_reason: reason }) => typeof reason === 'string') !== true) return usage === null || usage === undefined ? chunk : value;
    const counts = { prompt_tokens: scriptedUsage.input, completion_tokens: scriptedUsage.output, total_tokens: scriptedUsage.input + scriptedUsage.output };
    return wire === 'groq' ? { ...chunk, x_groq: { id: 'req_1', usage: counts } } : { ...chunk, usage: counts };
  };
}
