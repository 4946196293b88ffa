/** What every target is asked to do, each as a run against its scripted upstream that ends with a word for the matrix. */
import type { ChatOptions, Host, ModelHandle } from '@modelport/host';
import type { ChatRequest, FilePart } from '@modelport/plugin-api';
import type { Turn } from '@modelport/testing';
import type { Target } from './targets.ts';
import { scriptedUsage, type WireUpstream } from './upstreams/wires.ts';

/** A target with its host and upstream. */
export interface Setting {
  readonly host: Host;
  readonly upstream: WireUpstream;
  readonly target: Target;
}

/** One column of the matrix. */
export interface Behaviour {
  readonly name: string;
  /** The kind of model it is about; a target without one has no cell. */
  readonly kind: 'chat' | 'embedding' | 'rerank';
  /** Runs it: `yes`, or another word for an outcome the bridge promises too. Throws where the promise is not kept. */
  run(setting: Setting): Promise<string>;
}

const usage = scriptedUsage;
const tools: NonNullable<ChatOptions['tools']> = [{ type: 'function', name: 'weather', description: 'Tells the weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false } }];
const image = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** Every behaviour, in the order of the columns. */
export const behaviours: readonly Behaviour[] = [
  { name: 'text', kind: 'chat', run: async (setting) => {
    const answer = await asked(setting, { text: ['Hel', 'lo.'], usage }).generate('Hi');
    expectSame('text', answer.text, 'Hello.');
    expectCounts(answer.usage);
    expectSame('finish reason', answer.finishReason.unified, 'stop');
    return 'yes';
  } },
  { name: 'stream', kind: 'chat', run: async (setting) => {
    const stream = asked(setting, { text: ['Hel', 'lo.'], usage }).stream('Hi');
    const deltas: string[] = [];
    for await (const part of stream) if (part.type === 'text-delta' && part.delta !== '') deltas.push(part.delta);
    const answer = await stream.answer;
    expectSame('deltas', deltas.join('|'), 'Hel|lo.');
    expectCounts(answer.usage);
    expectSame('finish reason', answer.finishReason.unified, 'stop');
    return 'yes';
  } },
  { name: 'length', kind: 'chat', run: async (setting) => {
    const answer = await streamed(asked(setting, { text: 'Hello.', usage, finishReason: lengthOf(setting.target) }), 'Hi', { maxOutputTokens: 5 });
    expectSame('finish reason', answer.finishReason.unified, 'length');
    return 'yes';
  } },
  { name: 'tools', kind: 'chat', run: async (setting) => {
    const model = asked(setting, { toolCalls: [{ id: 'call_weather1', name: 'weather', arguments: ['{"city":', '"Oslo"}'] }], usage }, { text: 'Sunny.', usage });
    const messages: ChatRequest['messages'] = [{ role: 'user', content: [{ type: 'text', text: 'How is the weather in Oslo?' }] }];
    const first = await streamed(model, messages, { tools });
    expectSame('finish reason', first.finishReason.unified, 'tool-calls');
    expectSame('tool call', JSON.stringify([first.toolCalls[0]?.toolName, first.toolCalls[0]?.input]), '["weather",{"city":"Oslo"}]');
    const { toolCallId } = first.toolCalls[0]!;
    const second = await model.generate([...messages, first.message, { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName: 'weather', output: { type: 'text', value: 'sunny and 21 degrees' } }] }], { tools });
    expectSame('text', second.text, 'Sunny.');
    const [offered, answered] = setting.upstream.requests.slice(-2).map(({ text }) => text);
    expectSent('the tool', offered, 'Tells the weather');
    expectSent('the result', answered, 'sunny and 21 degrees');
    return 'yes';
  } },
  { name: 'embeddings', kind: 'embedding', run: async ({ host, upstream, target }) => {
    upstream.script({ text: '', usage });
    const result = await host.embeddings.get(`${target.embedding}@${target.name}`).embed(['one', 'two']);
    expectSame('vectors', result.embeddings.length, 2);
    const { tokens } = result.usage;
    if (tokens === undefined) return 'yes, no usage';
    expectSame('usage is a number', typeof tokens, 'number');
    return 'yes';
  } },
  { name: 'rerank', kind: 'rerank', run: async ({ host, upstream, target }) => {
    upstream.script({ usage });
    const { ranking } = await host.rerankers.get(`${target.rerank}@${target.name}`).rerank('query', ['a', 'b']);
    expectSame('order', ranking.map(({ index }) => index).join(), '1,0');
    return 'yes';
  } },
  { name: '429', kind: 'chat', run: async (setting) => {
    const model = asked(setting, { error: { status: 429, code: 'rate_limit_exceeded', message: 'slow down' }, headers: { 'retry-after': '2' } });
    for (const outcome of [await failure(model.generate('Hi')), await failure(streamed(model, 'Hi'))]) {
      expectSame('code', outcome.code, 'RATE_LIMITED');
      expectSame('status', outcome.context?.status, 429);
      expectSame('delay', outcome.context?.retryAfterMs, 2000);
    }
    return 'yes';
  } },
  { name: 'abort', kind: 'chat', run: async (setting) => {
    const controller = new AbortController();
    const model = asked(setting, { text: ['Hel', 'lo.'], usage, faults: [{ type: 'stall', afterText: 'Hel' }] });
    const stream = model.stream('Hi', { signal: controller.signal });
    const read = (async () => {
      for await (const part of stream) if (part.type === 'text-delta' && part.delta !== '') controller.abort();
    })();
    expectSame('code', (await failure(read)).code, 'ABORTED');
    await setting.upstream.requests.at(-1)?.closed;
    return 'yes';
  } },
  { name: 'reasoning', kind: 'chat', run: async (setting) => {
    const model = asked(setting, { text: 'Hello.', usage });
    await model.generate('Hi');
    const { warnings } = await model.generate('Hi', { reasoning: 'high' });
    // Ids and the like may differ from request to request: only words of an effort count.
    const [without, withEffort] = setting.upstream.requests.slice(-2).map(({ text }) => (text.match(/high|reason|think|effort|budget/gi) ?? []).join(' '));
    if (without !== withEffort) return 'yes';
    if (warnings.some((warning) => JSON.stringify(warning).toLowerCase().includes('reasoning'))) return 'warning';
    throw new Error('the effort was dropped in silence');
  } },
  { name: 'image', kind: 'chat', run: (setting) => sentOrRefused(setting, { type: 'file', mediaType: 'image/png', data: { type: 'data', data: new Uint8Array(image) } }, image.toString('base64').slice(0, 40)) },
  { name: 'text file', kind: 'chat', run: (setting) => sentOrRefused(setting, { type: 'file', mediaType: 'text/plain', filename: 'note.txt', data: { type: 'text', text: 'the note says so' } }, 'the note says so', Buffer.from('the note says so').toString('base64')) },
];

async function sentOrRefused(setting: Setting, file: FilePart, ...traces: readonly string[]): Promise<string> {
  const model = asked(setting, { text: 'Hello.', usage });
  try {
    await model.generate([{ role: 'user', content: [{ type: 'text', text: 'Look:' }, file] }]);
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === 'CAPABILITY_MISSING' || code === 'REQUEST_INVALID') return `refused, ${code}`;
    throw error;
  }
  const { text = '' } = setting.upstream.requests.at(-1) ?? {};
  if (!traces.some((trace) => text.includes(trace))) throw new Error('the file was not sent, and nothing said so');
  return 'yes';
}

function asked({ host, upstream, target }: Setting, ...turns: readonly Turn[]): ModelHandle {
  upstream.script(...turns);
  return host.models.get(`${target.chat}@${target.name}`);
}

async function streamed(model: ModelHandle, input: Parameters<ModelHandle['generate']>[0], options?: ChatOptions): ReturnType<ModelHandle['generate']> {
  return model.stream(input, options).answer;
}

async function failure(work: Promise<unknown>): Promise<{ readonly code?: string; readonly context?: { readonly status?: number; readonly retryAfterMs?: number } }> {
  try {
    await work;
  } catch (error) {
    return error as { readonly code?: string };
  }
  throw new Error('nothing failed');
}

/** The wire's own word for an answer that was cut at its limit. */
function lengthOf({ wire }: Target): string {
  return wire === 'anthropic' || wire === 'bedrock' ? 'max_tokens' : 'length';
}

function expectCounts({ inputTokens, outputTokens }: { readonly inputTokens: { readonly total?: number | undefined }; readonly outputTokens: { readonly total?: number | undefined } }): void {
  expectSame('usage', `${inputTokens.total} in, ${outputTokens.total} out`, `${usage.input} in, ${usage.output} out`);
}

function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${what}: expected ${String(expected)}, got ${String(actual)}`);
}

function expectSent(what: string, text: string | undefined, trace: string): void {
  if (text?.includes(trace) !== true) throw new Error(`${what} was not sent`);
}
