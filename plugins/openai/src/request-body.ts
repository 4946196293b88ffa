/** The last steps of every request: settings the wire lacks become warnings, and the caller's own fields are merged in last. */
import type { Call, ChatRequest, JsonObject, ProviderData } from '@modelport/plugin-api';
import { mergeFields, type Fields, type Warnings } from '@modelport/plugin-api/kit';
import type { OpenAIOptions } from './options.ts';
import type { ModelTraits } from './reasoning-models.ts';

/** Fields that would change the shape of the answer, which is this plugin's business. */
const OWN_FIELDS = ['stream', 'n'] as const;

/** Sampling settings that OpenAI's reasoning models answer with a 400. */
const SAMPLING_FIELDS: readonly (readonly [string, string])[] = [
  ['temperature', 'temperature'], ['top_p', 'topP'], ['presence_penalty', 'presencePenalty'], ['frequency_penalty', 'frequencyPenalty'],
  ['logprobs', 'topLogprobs'], ['top_logprobs', 'topLogprobs'], ['logit_bias', 'logitBias'],
];

/** Takes out the sampling settings a reasoning model refuses; with reasoning off it takes them. */
export function leaveOutSampling(body: Fields, request: ChatRequest, traits: ModelTraits, warnings: Warnings): void {
  if (!traits.reasons || request.reasoning === 'none') return;
  for (const [field, feature] of SAMPLING_FIELDS) {
    if (body[field] === undefined) continue;
    delete body[field];
    warnings.unsupported(feature, 'Reasoning models refuse sampling settings while they reason.');
  }
}

/** Session id, metadata, user and storage: the same fields on both APIs. */
export function addCallFields(body: Fields, request: ChatRequest, call: Call, options: OpenAIOptions, isOpenAI: boolean, warnings: Warnings): void {
  if (request.user !== undefined) {
    const field = options.userField === 'auto' ? (isOpenAI ? 'safety_identifier' : 'user') : options.userField;
    body[field] = request.user;
  }
  if (call.sessionId !== undefined) {
    const field = options.session === 'auto' ? (isOpenAI ? 'prompt_cache_key' : 'header') : options.session;
    if (field === 'none') warnings.unsupported('sessionId', 'The option session is "none".');
    else if (field !== 'header') body[field] = call.sessionId;
  }
  if (call.metadata !== undefined && Object.keys(call.metadata).length > 0) {
    const store = request.providerOptions?.[options.dialect]?.['store'] ?? body['store'];
    if (options.metadata === 'always' || (options.metadata === 'stored' && store === true)) body['metadata'] = limitedMetadata(call.metadata, warnings);
    else warnings.unsupported('metadata', 'It travels only with stored answers (option store), or always with the option metadata: "always".');
  }
}

/** The header that carries the session id, where the body does not. */
export function sessionHeader(call: Call, options: OpenAIOptions, isOpenAI: boolean): string | undefined {
  return options.session === 'header' || (options.session === 'auto' && !isOpenAI) ? call.sessionId : undefined;
}

/** Leaves out what the endpoint refuses, then merges the caller's own fields, which win. */
export function finishBody(body: Fields, providerOptions: ProviderData | undefined, options: OpenAIOptions, warnings: Warnings): Fields {
  for (const field of options.unsupportedFields) {
    if (body[field] === undefined) continue;
    delete body[field];
    warnings.unsupported(field, 'The option unsupportedFields says the endpoint refuses it.');
  }
  const own = providerOptions?.[options.dialect];
  if (own === undefined) return body;
  const fields: Fields = { ...own };
  for (const field of OWN_FIELDS) {
    if (fields[field] === undefined) continue;
    delete fields[field];
    warnings.unsupported(`providerOptions.${options.dialect}.${field}`, 'It would change the shape of the answer.');
  }
  return mergeFields(body, fields);
}

/** OpenAI takes 16 pairs with keys of 64 and values of 512 characters, and refuses the whole request above that. */
function limitedMetadata(metadata: Readonly<Record<string, string>>, warnings: Warnings): JsonObject {
  const fitting = Object.entries(metadata).filter(([key, value]) => key.length <= 64 && value.length <= 512).slice(0, 16);
  const left = Object.keys(metadata).length - fitting.length;
  if (left > 0) warnings.unsupported('metadata', `${left} of its entries were left out: at most 16, keys of 64 and values of 512 characters.`);
  return Object.fromEntries(fitting);
}
