/** What one backend of this plugin offers: chat, and the list of models. */
import type { PluginContext, Provider } from '@modelport/plugin-api';
import { AnthropicChatModel } from './chat-model.ts';
import { Endpoint } from './endpoint.ts';
import { checkHealth, describeModel, listModels } from './models.ts';
import type { AnthropicOptions } from './options.ts';

/** Makes the provider of one backend. Opens no connection and reads no secret. */
export function createAnthropicProvider(context: PluginContext<AnthropicOptions>): Provider {
  const endpoint = new Endpoint(context);
  return {
    chatModel: (modelId) => new AnthropicChatModel(endpoint, modelId),
    listModels: (call) => listModels(endpoint, call),
    describeModel: (modelId, call) => describeModel(endpoint, modelId, call),
    checkHealth: (call) => checkHealth(endpoint, call),
  };
}
