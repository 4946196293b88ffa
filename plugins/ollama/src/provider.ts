/** What one backend of this plugin offers: chat, embeddings, the list of models, and their life on the machine. */
import type { PluginContext, Provider } from '@modelport/plugin-api';
import { OllamaChatModel } from './chat-model.ts';
import { OllamaEmbeddingModel } from './embeddings.ts';
import { checkHealth } from './health.ts';
import { OllamaLocalModels } from './local-models.ts';
import { describeModel, listModels } from './models.ts';
import type { OllamaOptions } from './options.ts';
import { OllamaServer } from './server.ts';

/** Makes the provider of one backend. Opens no connection and reads no secret. */
export function createOllamaProvider(context: PluginContext<OllamaOptions>): Provider {
  const server = new OllamaServer(context);
  return {
    chatModel: (modelId) => new OllamaChatModel(server, modelId),
    embeddingModel: (modelId) => new OllamaEmbeddingModel(server, modelId),
    listModels: (call) => listModels(server, call),
    describeModel: (modelId, call) => describeModel(server, modelId, call),
    local: new OllamaLocalModels(server, () => context.changed('models')),
    checkHealth: (call) => checkHealth(server, call),
  };
}
