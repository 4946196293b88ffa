/** OpenAI and every compatible endpoint, as one Modelport plugin. */
import { definePlugin, type Plugin } from '@modelport/plugin-api';
import { OpenAIOptions } from './options.ts';
import { createOpenAIProvider } from './provider.ts';

export { OpenAIOptions };
export type { OpenAIRequestFields } from './request-fields.ts';

const plugin: Plugin<OpenAIOptions> = definePlugin<OpenAIOptions>({
  api: 1,
  options: OpenAIOptions,
  start: createOpenAIProvider,
});

export default plugin;
