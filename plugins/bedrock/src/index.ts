/** Amazon Bedrock over the AWS SDK, as one Modelport plugin. */
import { definePlugin, type Plugin } from '@modelport/plugin-api';
import { BedrockOptions } from './options.ts';
import { createBedrockProvider } from './provider.ts';

export { BedrockOptions };

const plugin: Plugin<BedrockOptions> = definePlugin<BedrockOptions>({
  api: 1,
  options: BedrockOptions,
  start: createBedrockProvider,
});

export default plugin;
