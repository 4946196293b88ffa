/** @modelport/ai-sdk: every provider package of the AI SDK as a backend. Used with `adapter: ai-sdk`, never by itself. */
import { definePlugin, type Plugin, type Provider } from '@modelport/plugin-api';
import { BridgedChatModel } from './chat-model.ts';
import { compatRow } from './compat-table.ts';
import { BridgedEmbeddingModel, BridgedRerankModel } from './embedding-model.ts';
import { offers, type ModelKind } from './find-model.ts';
import { modelLister } from './list-models.ts';
import { makeProvider } from './make-provider.ts';
import { bridgeOptions, type BridgeOptions } from './options.ts';
import { fieldsOf } from './specification.ts';

export type { BridgeOptions } from './options.ts';
export { readCompatTable, type CompatRow, type ModelList, type RequestField } from './compat-table.ts';

/** The adapter. The package it wraps is imported when the backend is first used, and only then. */
const plugin: Plugin<BridgeOptions> = definePlugin<BridgeOptions>({
  api: 1,
  options: bridgeOptions,
  start: async (context) => {
    const name = context.target?.name ?? '';
    const { known, ...row } = await compatRow(name, context.options.compat);
    if (!known) context.log.warn('This package is not in the compat table: it says nothing of its hosts and may reach any public one.', { package: name });
    const facts = await makeProvider(context, row);
    const { provider } = facts;
    const has = (kind: ModelKind): boolean => (row.kinds?.includes(kind) ?? true) && offers(provider, kind);
    const listModels = modelLister(facts);
    return {
      ...(has('chat') && { chatModel: (id: string) => new BridgedChatModel(id, facts) }),
      ...(has('embedding') && { embeddingModel: (id: string) => new BridgedEmbeddingModel(id, facts) }),
      ...(has('rerank') && { rerankModel: (id: string) => new BridgedRerankModel(id, facts) }),
      ...(listModels && { listModels }),
      close: () => closeProvider(provider),
    } satisfies Provider;
  },
});

export default plugin;

/** Few packages hold anything; those that do name the way to let go in one of these words. */
async function closeProvider(provider: unknown): Promise<void> {
  const members = typeof provider === 'function' ? (provider as unknown as Record<PropertyKey, unknown>) : (fieldsOf(provider) as Record<PropertyKey, unknown>);
  const close = [Symbol.asyncDispose, Symbol.dispose, 'close', 'dispose'].map((name) => members[name]).find((member) => typeof member === 'function');
  if (close !== undefined) await Reflect.apply(close as () => unknown, provider, []);
}
