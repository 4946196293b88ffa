/** The provider of one scripted backend: chat by script, embeddings by hash, and the list of both. */
import type { Call, ChatModel, Health, ModelInfo, PluginContext, Provider } from '@modelport/plugin-api';

import { catalogueOf } from './catalogue.ts';
import { authorOf, scriptedChatModel } from './chat-model.ts';
import type { Author } from './chat-model.ts';
import { defaultAuthor } from './default-script.ts';
import { scriptedEmbeddingModel } from './embedding.ts';
import type { ScriptedOptions } from './options.ts';
import { readScript } from './read-script.ts';

/** Starts the provider. Reads the script's file when the options name one, and throws an Error when that fails. */
export async function startScripted({ options }: PluginContext<ScriptedOptions>): Promise<Provider> {
  const author = await authorFrom(options.script);
  const catalogue = catalogueOf(options.models);
  // The host may forget a model and ask again; a rule that counts requests must go on counting.
  const chatModels = new Map<string, ChatModel>();

  return {
    chatModel(modelId) {
      const known = chatModels.get(modelId);
      if (known !== undefined) return known;
      const model = scriptedChatModel({ author, modelId, pace: options });
      chatModels.set(modelId, model);
      return model;
    },
    embeddingModel: scriptedEmbeddingModel,
    async *listModels(call: Call): AsyncGenerator<ModelInfo> {
      call.signal.throwIfAborted();
      yield* catalogue;
    },
    describeModel: (modelId, call) => describe(catalogue, modelId, call),
    checkHealth: () => Promise.resolve<Health>({ status: 'healthy' }),
    close: () => chatModels.clear(),
  };
}

async function authorFrom(script: ScriptedOptions['script']): Promise<Author> {
  if (script === undefined) return defaultAuthor;
  return authorOf(typeof script === 'string' ? await readScript(script) : script);
}

async function describe(catalogue: readonly ModelInfo[], modelId: string, call: Call): Promise<ModelInfo | undefined> {
  call.signal.throwIfAborted();
  return catalogue.find((model) => model.id === modelId);
}
