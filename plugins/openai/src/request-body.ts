/** The last steps of every request: settings the wire lacks become warnings, and the caller's own fields are merged in last. */
import type { Call, ChatRequest, Json, JsonObject, ProviderData, Warning } from '@modelport/plugin-api';
import type { OpenAIOptions } from './options.ts';
import type { ModelTraits } from './reasoning-models.ts';

/** A body under construction. */
export type Body = Record<string, Json | undefined>;

/** Collects warnings of one request. */
export class Warnings {
  /** In the order they were found. */
  readonly list: Warning[] = [];
  private readonly seen = new Set<string>();

  /** Notes a feature this wire cannot carry, once. */
  unsupported(feature: string, details: string): void {
    if (this.seen.has(`${feature} ${details}`)) return;
    this.seen.add(`${feature} ${details}`);
    this.list.push({ type: 'unsupported', feature, details });
  }

  /** Notes a feature that travels in another form than asked. */
  compatibility(feature: string, details: string): void {
    this.list.push({ type: 'compatibility', feature, details });
  }
}

/** Fields that would change the shape of the answer, which is this plugin's business. */
const OWN_FIELDS = ['stream', 'n'] as const;

/** Sampling settings that OpenAI's reasoning models answer with a 400. */
const SAMPLING_FIELDS: readonly (readonly [string, string])[] = [
  ['temperature', 'temperature'], ['top_p', 'topP'], ['presence_penalty', 'presencePenalty'], ['frequency_penalty', 'frequencyPenalty'],
  ['logprobs', 'topLogprobs'], ['top_logprobs', 'topLogprobs'], ['logit_bias', 'logitBias'],
];

/** Takes out the sampling settings a reasoning model refuses; with reasoning off it takes them. */
export function leaveOutSampling(body: Body, request: ChatRequest, traits: ModelTraits, warnings: Warnings): void {
  if (!traits.reasons || request.reasoning === 'none') return;
  for (const [field, feature] of SAMPLING_FIELDS) {
    if (body[field] === undefined) continue;
    delete body[field];
    warnings.unsupported(feature, 'Reasoning models refuse sampling settings while they reason.');
  }
}

/** Session id, metadata, user and storage: the same fields on both APIs. */
export function addCallFields(body: Body, request: ChatRequest, call: Call, options: OpenAIOptions, isOpenAI: boolean, warnings: Warnings): void {
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
export function finishBody(body: Body, providerOptions: ProviderData | undefined, options: OpenAIOptions, warnings: Warnings): Body {
  for (const field of options.unsupportedFields) {
    if (body[field] === undefined) continue;
    delete body[field];
    warnings.unsupported(field, 'The option unsupportedFields says the endpoint refuses it.');
  }
  const own = providerOptions?.[options.dialect];
  if (own === undefined) return body;
  const fields: Record<string, Json | undefined> = { ...own };
  for (const field of OWN_FIELDS) {
    if (fields[field] === undefined) continue;
    delete fields[field];
    warnings.unsupported(`providerOptions.${options.dialect}.${field}`, 'It would change the shape of the answer.');
  }
  return merged(body, fields);
}

/** OpenAI takes 16 pairs with keys of 64 and values of 512 characters, and refuses the whole request above that. */
function limitedMetadata(metadata: Readonly<Record<string, string>>, warnings: Warnings): JsonObject {
  const fitting = Object.entries(metadata).filter(([key, value]) => key.length <= 64 && value.length <= 512).slice(0, 16);
  const left = Object.keys(metadata).length - fitting.length;
  if (left > 0) warnings.unsupported('metadata', `${left} of its entries were left out: at most 16, keys of 64 and values of 512 characters.`);
  return Object.fromEntries(fitting);
}

/** Objects merge by key, everything else replaces. `__proto__` is an ordinary key here: the result is only ever serialised. */
function merged(base: Body, over: JsonObject): Body {
  const result: Body = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    const next = isObject(before) && isObject(value) ? merged({ ...before }, value) : value;
    Object.defineProperty(result, key, { value: next, enumerable: true, configurable: true, writable: true });
  }
  return result;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
