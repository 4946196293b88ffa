/** What one backend of this plugin offers: chat, embeddings, and the list of models. */
import type { PluginContext, Provider } from '@modelport/plugin-api';
import { BedrockChatModel } from './chat-model.ts';
import { Connection } from './connection.ts';
import { createEmbeddingModel } from './embeddings.ts';
import { checkHealth, listModels } from './models.ts';
import type { BedrockOptions } from './options.ts';

/** Makes the provider of one backend. Loads no SDK, opens no connection and reads no secret. */
export function createBedrockProvider(context: PluginContext<BedrockOptions>): Provider {
  const connection = new Connection(context);
  return {
    chatModel: (modelId) => new BedrockChatModel(connection, modelId),
    embeddingModel: (modelId) => createEmbeddingModel(connection, modelId),
    listModels: (call) => listModels(connection, call),
    checkHealth: (call) => checkHealth(connection, call),
    close: () => connection.close(),
  };
}
