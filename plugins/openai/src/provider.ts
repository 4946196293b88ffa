/** What one backend of this plugin offers: chat over either API, embeddings, and the list of models. */
import type { PluginContext, Provider } from '@modelport/plugin-api';
import { OpenAIChatModel } from './chat/model.ts';
import { OpenAIEmbeddingModel } from './embeddings.ts';
import { Endpoint } from './endpoint.ts';
import { checkHealth, describeModel, listModels } from './models.ts';
import type { OpenAIOptions } from './options.ts';
import { OpenAIResponsesModel } from './responses/model.ts';

/** Makes the provider of one backend. Opens no connection and reads no secret. */
export function createOpenAIProvider(context: PluginContext<OpenAIOptions>): Provider {
  const endpoint = new Endpoint(context);
  return {
    chatModel: (modelId) => (endpoint.options.api === 'responses' ? new OpenAIResponsesModel(endpoint, modelId) : new OpenAIChatModel(endpoint, modelId)),
    embeddingModel: (modelId) => new OpenAIEmbeddingModel(endpoint, modelId),
    listModels: (call) => listModels(endpoint, call),
    describeModel: (modelId, call) => describeModel(endpoint, modelId, call),
    checkHealth: (call) => checkHealth(endpoint, call),
  };
}
