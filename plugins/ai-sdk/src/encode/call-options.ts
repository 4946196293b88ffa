/** A request of the contract as the call options of specification v4, from which the older versions are made. */
import type { Call, ChatRequest, FunctionTool, JsonObject, ProviderTool, Warning } from '@modelport/plugin-api';
import type { RequestField } from '../compat-table.ts';
import type { SpecificationVersion } from '../specification.ts';
import { toPrompt, type PromptFacts, type PromptMessage } from './prompt.ts';
import { toVersion1 } from './version-1.ts';
import { toVersion2, toVersion3 } from './older-versions.ts';

/** Call options of v4. Source: LanguageModelV4CallOptions of @ai-sdk/provider. */
export interface CallOptions {
  readonly prompt: readonly PromptMessage[];
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly stopSequences?: readonly string[];
  readonly responseFormat?: ChatRequest['responseFormat'];
  readonly tools?: readonly (FunctionTool | ProviderTool)[];
  readonly toolChoice?: ChatRequest['toolChoice'];
  readonly reasoning?: string;
  readonly includeRawChunks?: boolean;
  readonly abortSignal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly providerOptions?: Readonly<Record<string, JsonObject>>;
}

/** What encoding has to know of the model. */
export interface EncodeFacts extends PromptFacts {
  readonly version: SpecificationVersion;
  /** Where the package takes settings that the specification has no word for: `openai.parallelToolCalls`. */
  readonly fields: Readonly<Partial<Record<RequestField, string>>>;
  /** Words of the version that the package does not read. */
  readonly ignores: readonly RequestField[];
}

/** Call options for one version, and what could not be said in it. */
export interface Encoded {
  readonly options: object;
  readonly warnings: readonly Warning[];
}

/** Settings every version has by the same name. */
const SETTINGS = ['maxOutputTokens', 'temperature', 'topP', 'topK', 'seed', 'presencePenalty', 'frequencyPenalty', 'stopSequences', 'responseFormat', 'tools', 'toolChoice'] as const;

/** Settings the specification has no word for; packages take some of them as options of their own. */
const EXTRA = ['parallelToolCalls', 'logitBias', 'topLogprobs', 'user'] as const;

/**
 * The call options of a request. What cannot be said becomes a warning; what would change the meaning if it were left out throws a
 * CallError: REQUEST_INVALID.
 */
export function toCallOptions(request: ChatRequest, call: Call, facts: EncodeFacts): Encoded {
  const warnings: Warning[] = [];
  const options: Record<string, unknown> = { prompt: toPrompt(request, facts, warnings), abortSignal: call.signal };
  for (const name of SETTINGS) if (request[name] !== undefined) options[name] = request[name];
  if (call.includeRaw === true) options['includeRawChunks'] = true;
  if (request.headers !== undefined) options['headers'] = request.headers;
  const vendorOptions: Record<string, JsonObject> = { ...request.providerOptions };
  for (const name of EXTRA) setField(name, request[name], vendorOptions, facts, warnings);
  if (request.reasoning !== undefined) {
    if (facts.version === 'v4' && !facts.ignores.includes('reasoning')) options['reasoning'] = request.reasoning;
    else setField('reasoning', request.reasoning, vendorOptions, facts, warnings);
  }
  if (Object.keys(vendorOptions).length > 0) options['providerOptions'] = vendorOptions;
  return { options: toVersion(options as unknown as CallOptions, facts.version, warnings), warnings };
}

/** Puts a setting where the package takes it, or warns. What the caller wrote there already wins. */
export function setField(name: RequestField, value: unknown, vendorOptions: Record<string, JsonObject>, { fields, version }: Pick<EncodeFacts, 'fields' | 'version'>, warnings: Warning[]): void {
  if (value === undefined) return;
  const [dialect, ...path] = fields[name]?.split('.') ?? [];
  if (dialect === undefined || path.length === 0) {
    warnings.push({ type: 'unsupported', feature: name, details: `The package's models (specification ${version}) take no such setting; it is left out.` });
    return;
  }
  const set = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as JsonObject;
  vendorOptions[dialect] = { ...set, ...vendorOptions[dialect] };
}

function toVersion(options: CallOptions, version: SpecificationVersion, warnings: Warning[]): object {
  if (version === 'v4') return options;
  const third = toVersion3(options, warnings);
  if (version === 'v3') return third;
  const second = toVersion2(third, warnings);
  return version === 'v2' ? second : toVersion1(second, warnings);
}
