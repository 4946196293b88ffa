/** A plugin for a model in this process, with local models, tools, embeddings and rerank: it has to compile against the contract alone. */
import { CallError, definePlugin, isLocalModelManager } from '@modelport/plugin-api';
import type { ChatResult, LocalModels, PluginModule, Provider, PullProgress } from '@modelport/plugin-api';
import { partsOf } from '@modelport/plugin-api/kit';

declare const engine: { answer(prompt: string, signal: AbortSignal): Promise<string>; files(): readonly string[] };

const local: LocalModels = {
  async *list() {
    for (const id of engine.files()) yield { id, sizeBytes: 1, quantization: 'Q4_K_M' };
  },
  async *running() {
    yield { id: 'tiny', memoryBytes: 1, expiresAt: new Date(0) };
  },
  show: async (modelId) => {
    if (!engine.files().includes(modelId)) throw new CallError('MODEL_NOT_PULLED', `${modelId} is not on this machine.`, { retryable: false });
    return { id: modelId, info: { id: modelId, limits: { contextTokens: 4096 } } };
  },
  async *pull(_modelId, options): AsyncGenerator<PullProgress, void, undefined> {
    if (options.force === true) yield { phase: 'starting' };
    yield { phase: 'downloading', completedBytes: 1, totalBytes: 2 };
    yield { phase: 'complete' };
  },
  remove: async () => {},
  load: async (_modelId, options) => void options.keepAliveMs,
};

const plugin = definePlugin({
  api: 1,
  start: async (context): Promise<Provider> => ({
    chatModel: (id) => ({
      async complete(request, call): Promise<ChatResult> {
        context.log.debug('answering', { id });
        const last = request.messages.at(-1);
        const prompt = last?.role === 'user' ? last.content.map((part) => (part.type === 'text' ? part.text : '')).join('') : '';
        return {
          content: [{ type: 'text', text: await engine.answer(prompt, call.signal) }],
          finishReason: { unified: 'stop' },
          usage: { inputTokens: {}, outputTokens: { total: undefined } },
        };
      },
      async *stream(request, call) {
        yield partsOf(await this.complete!(request, call));
      },
    }),
    embeddingModel: () => ({ maxValuesPerCall: 8, embed: async (request) => ({ embeddings: request.values.map(() => new Float32Array(4)) }) }),
    rerankModel: () => ({ rerank: async (request) => ({ ranking: request.documents.map((_document, index) => ({ index, relevanceScore: 0 })) }) }),
    local,
    tools: {
      async *list() {
        yield { type: 'function', name: 'now', inputSchema: { type: 'object' }, effects: 'none' };
      },
      execute: async (tool, call) => {
        call.progress({ message: tool.toolName });
        return { type: 'json', value: await call.requestInput({ message: 'Which zone?' }) };
      },
    },
    close: () => {},
  }),
});

/** What a host does with it. */
export async function listLocal(provider: Provider, call: Parameters<LocalModels['list']>[0]): Promise<string[]> {
  if (!isLocalModelManager(provider)) return [];
  const ids: string[] = [];
  for await (const model of provider.local.list(call)) ids.push(model.id);
  return ids;
}

const both: PluginModule = [plugin];
export default both;
