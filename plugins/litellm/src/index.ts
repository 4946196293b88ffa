/** A LiteLLM proxy as a Modelport plugin: the OpenAI wire with the proxy's own fields, headers, facts and errors. */
import { definePlugin, type Plugin } from '@modelport/plugin-api';
import { createCompatibleProvider, Endpoint, OpenAIOptions } from '@modelport/openai/compatible';
import { checkHealth } from './health.ts';
import { describeModel, listModels } from './models.ts';
import { LiteLLMOptions } from './options.ts';
import { ProxyRerankModel } from './rerank.ts';
import { litellmVendor } from './vendor.ts';

export { LiteLLMOptions };

const plugin: Plugin<LiteLLMOptions> = definePlugin<LiteLLMOptions>({
  api: 1,
  options: LiteLLMOptions,
  start: (context) => {
    const { baseUrl, api, models } = context.options;
    const root = baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '');
    // The proxy translates for the vendor behind it, and drops or refuses by its own config.
    const options = OpenAIOptions.parse({
      baseUrl: `${root}/v1`, api, dialect: 'litellm', topK: true, session: 'none', metadata: 'none', userField: 'user', reasoningHistory: 'reasoning_content', ...(models === undefined ? {} : { models }),
    });
    const endpoint = new Endpoint(context, options, litellmVendor(context.options));
    return {
      ...createCompatibleProvider(endpoint),
      rerankModel: (modelId) => new ProxyRerankModel(endpoint, modelId),
      listModels: (call) => listModels(endpoint, root, call),
      describeModel: (modelId, call) => describeModel(endpoint, root, modelId, call),
      checkHealth: (call) => checkHealth(endpoint, root, call),
    };
  },
});

export default plugin;
