/** Groq as a Modelport plugin: the OpenAI wire with Groq's differences. */
import { definePlugin, type Plugin } from '@modelport/plugin-api';
import { createCompatibleProvider, Endpoint, OpenAIOptions } from '@modelport/openai/compatible';
import { GroqOptions } from './options.ts';
import { groqVendor } from './vendor.ts';

export { GroqOptions };

const plugin: Plugin<GroqOptions> = definePlugin<GroqOptions>({
  api: 1,
  options: GroqOptions,
  start: (context) => {
    const { baseUrl, models, structuredOutput } = context.options;
    const options = OpenAIOptions.parse({
      baseUrl, dialect: 'groq', maxTokensParameter: 'max_completion_tokens', systemRole: 'system', reasoningModels: [], reasoningHistory: 'reasoning',
      session: 'none', metadata: 'none', userField: 'user', structuredOutput: structuredOutput === 'json_object' ? 'json_object' : 'json_schema',
      ...(models === undefined ? {} : { models }),
    });
    // Groq has no embeddings.
    const { embeddingModel: _, ...provider } = createCompatibleProvider(new Endpoint(context, options, groqVendor(context.options)));
    return provider;
  },
});

export default plugin;
