/**
 * `@modelport/openai/compatible`: this wire for plugins of vendors that speak it with differences of their own. They bring options of
 * theirs, turn them into options of this wire, and say in hooks what is otherwise; encoding, decoding, errors and history stay here.
 */
export { Endpoint, type EndpointContext } from './endpoint.ts';
export { OpenAIOptions } from './options.ts';
export { createCompatibleProvider, type CompatibleProvider } from './provider.ts';
export type { Adapting, AnswerHead, CompatibleVendor } from './vendor.ts';
