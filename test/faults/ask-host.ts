/** A host with the OpenAI plugin on an upstream of the test's own, and one question read to its end, well or not. */
import type { ChatPart } from '@modelport/plugin-api';
import { createHost, ModelportError, type Answer, type ConfigInput, type Host } from '@modelport/host';
import { onTestFinished } from 'vitest';

/** The two APIs of the plugin, which are two wires. */
export const apis = ['chat', 'responses'] as const;

/** One of them. */
export type Api = (typeof apis)[number];

/** Starts a host whose alias `default` means the model `m` behind `baseUrl`; closed when the test ends. Nothing is tried twice. `calls` are of the backend. */
export async function startHost(baseUrl: string, api: Api = 'chat', config: Omit<ConfigInput, 'backends'> = {}, calls: NonNullable<ConfigInput['calls']> = {}): Promise<Host> {
  const host = await createHost({
    cwd: import.meta.dirname, environment: {},
    config: { calls: { retry: { attempts: 1 } }, ...config, backends: { local: { plugin: '@modelport/openai', options: { baseUrl, api }, calls } }, models: { default: 'm@local', ...config.models } },
  });
  onTestFinished(() => host.close());
  return host;
}

/** What came of one question. */
export interface Outcome {
  readonly parts: readonly ChatPart[];
  readonly answer?: Answer | undefined;
  readonly error?: ModelportError | undefined;
}

/** Reads a stream part by part, then its answer. Throws what is no ModelportError, and where the stream and its answer tell two stories. */
export async function askStream(host: Host): Promise<Outcome> {
  const stream = host.models.get('default').stream('Hi');
  const parts: ChatPart[] = [];
  let failure: unknown;
  try {
    for await (const part of stream) parts.push(part);
  } catch (error) {
    failure = error;
  }
  const [settled] = await Promise.allSettled([stream.answer]);
  if ((settled.status === 'rejected' ? settled.reason : undefined) !== failure) throw new Error('The stream and its answer tell two stories.', { cause: failure });
  return settled.status === 'fulfilled' ? { parts, answer: settled.value } : { parts, error: typed(failure) };
}

/** Asks for the whole answer at once. */
export async function askWhole(host: Host): Promise<Outcome> {
  const [settled] = await Promise.allSettled([host.models.get('default').generate('Hi')]);
  return settled.status === 'fulfilled' ? { parts: [], answer: settled.value } : { parts: [], error: typed(settled.reason) };
}

/** What an answer says, without what differs from call to call. */
export function saidBy({ answer }: Outcome): unknown {
  return answer && { content: answer.content, finishReason: answer.finishReason, usage: answer.usage };
}

function typed(error: unknown): ModelportError {
  if (!ModelportError.is(error)) throw error;
  return error;
}
