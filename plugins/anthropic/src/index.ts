/** Claude over Anthropic's Messages API, as one Modelport plugin. */
import { definePlugin, type Plugin } from '@modelport/plugin-api';
import { AnthropicOptions } from './options.ts';
import { createAnthropicProvider } from './provider.ts';

export { AnthropicOptions };
export type { AnthropicRequestFields } from './request-fields.ts';

const plugin: Plugin<AnthropicOptions> = definePlugin<AnthropicOptions>({
  api: 1,
  options: AnthropicOptions,
  start: createAnthropicProvider,
});

export default plugin;
