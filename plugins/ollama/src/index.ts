/** Ollama over its native API, as one Modelport plugin. */
import { definePlugin, type Plugin } from '@modelport/plugin-api';
import { OllamaOptions } from './options.ts';
import { createOllamaProvider } from './provider.ts';

export { OllamaOptions };

const plugin: Plugin<OllamaOptions> = definePlugin<OllamaOptions>({
  api: 1,
  options: OllamaOptions,
  start: createOllamaProvider,
});

export default plugin;
