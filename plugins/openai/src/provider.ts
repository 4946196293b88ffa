/** What one backend of this plugin offers: chat over either API, embeddings, and the list of models. */
import type { PluginContext, Provider } from '@modelport/plugin-api';
import { chatCompletions, OpenAIChatModel, responses } from './chat-model.ts';
import { OpenAIEmbeddingModel } from './embeddings.ts';
import { Endpoint } from './endpoint.ts';
import { checkHealth, describeModel, listModels } from './models.ts';
import type { OpenAIOptions } from './options.ts';

/** What a compatible endpoint can offer. */
export type CompatibleProvider = Provider & Required<Pick<Provider, 'chatModel' | 'embeddingModel' | 'listModels' | 'describeModel' | 'checkHealth'>>;

/** Makes the provider of one backend. Opens no connection and reads no secret. */
export function createOpenAIProvider(context: PluginContext<OpenAIOptions>): Provider {
  return createCompatibleProvider(new Endpoint(context, context.options));
}

/** Everything an endpoint of this wire can offer, for a plugin to leave out of or to replace in part. */
export function createCompatibleProvider(endpoint: Endpoint): CompatibleProvider {
  return {
    chatModel: (modelId) => new OpenAIChatModel(endpoint, modelId, endpoint.options.api === 'responses' ? responses : chatCompletions),
    embeddingModel: (modelId) => new OpenAIEmbeddingModel(endpoint, modelId),
    listModels: (call) => listModels(endpoint, call),
    describeModel: (modelId, call) => describeModel(endpoint, modelId, call),
    checkHealth: (call) => checkHealth(endpoint, call),
  };
}
