/** Parts, warnings and finish reasons of the contract as those of the AI SDK's specification: nearly the identity in v4, and less in v3. */
import type { ChatPart, ContentPart, FileData, FinishReason, ProviderData, ToolResultPart, Usage, Warning } from '@modelport/plugin-api';
import type { AISDKSpecification } from './ai-sdk-types.ts';

/** A value with named members. */
export type Fields = Readonly<Record<string, unknown>>;

/** The same without members that are `undefined`. */
export function withoutAbsent<Value extends object>(value: Value): { readonly [Name in keyof Value]: Exclude<Value[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as { readonly [Name in keyof Value]: Exclude<Value[Name], undefined> };
}

/** A part of a stream; `undefined` for one that the version has no word for. Start, usage, finish and response metadata are the caller's. */
export function toAISDKPart(part: ChatPart, spec: AISDKSpecification): object | undefined {
  switch (part.type) {
    case 'ping': return spec === 'v4' ? part : undefined;
    case 'stream-start':
    case 'warning':
    case 'usage':
    case 'finish':
    case 'response-metadata': return undefined;
    case 'tool-call':
    case 'tool-result':
    case 'tool-approval-request':
    case 'tool-approval-response':
    case 'file':
    case 'reasoning-file':
    case 'source':
    case 'custom':
    case 'unknown': return toAISDKContent(part, spec);
    default: return part;
  }
}

/** A part of an answer's content; `undefined` for one that the version has no word for. */
export function toAISDKContent(part: ContentPart, spec: AISDKSpecification): object | undefined {
  switch (part.type) {
    case 'tool-result': return toResult(part);
    case 'file':
    case 'reasoning-file': return toFile({ ...part }, part.data, spec);
    case 'custom': return spec === 'v4' ? { ...part, kind: part.kind ?? 'modelport.custom' } : undefined;
    // Kept for whoever knows it: the bridge of another host does.
    case 'unknown': return spec === 'v4' ? { type: 'custom', kind: 'modelport.unknown', providerMetadata: { modelport: { part: part.part } } } : undefined;
    case 'tool-approval-response': return undefined;
    default: return part;
  }
}

/** Warnings; v3 has no word for what is deprecated. */
export function toAISDKWarnings(warnings: readonly Warning[], spec: AISDKSpecification): object[] {
  return warnings.map((warning) => (warning.type === 'deprecated' && spec === 'v3' ? { type: 'other', message: `${warning.setting}: ${warning.message}` } : warning));
}

/** The finish reason in the words the version has; the contract's own word is in the metadata where they differ. */
export function toAISDKFinishReason({ unified, raw }: FinishReason, spec: AISDKSpecification): { readonly unified: string; readonly raw: string | undefined } {
  const words = spec === 'v4' ? [...REASONS, 'interrupted'] : REASONS;
  return { unified: unified === 'refusal' ? 'content-filter' : words.includes(unified) ? unified : 'other', raw };
}

/** Usage with every figure's name present, as the SDK's types have it. */
export function toAISDKUsage({ inputTokens, outputTokens, raw }: Usage): object {
  return {
    inputTokens: { total: inputTokens.total, noCache: inputTokens.noCache, cacheRead: inputTokens.cacheRead, cacheWrite: inputTokens.cacheWrite },
    outputTokens: { total: outputTokens.total, text: outputTokens.text, reasoning: outputTokens.reasoning },
    ...(raw === undefined ? {} : { raw }),
  };
}

/** Vendor data of an answer, and beside it what only the host knows. */
export function toAISDKMetadata(providerMetadata: ProviderData | undefined, facts: object): object {
  return { ...providerMetadata, modelport: withoutAbsent(facts) };
}

const REASONS = ['stop', 'length', 'content-filter', 'tool-calls', 'error', 'other'];

/** The contract keeps how a result is meant, the specification only that it is an error. */
function toResult({ output, ...part }: ToolResultPart): object {
  const result = output.type === 'execution-denied' ? output.reason ?? 'denied' : output.value;
  return { ...part, result, ...(output.type.startsWith('error') || output.type === 'execution-denied' ? { isError: true } : {}) };
}

function toFile(part: object, data: FileData, spec: AISDKSpecification): object | undefined {
  if (data.type === 'data') return { ...part, data: spec === 'v4' ? data : data.data };
  if (spec === 'v3' || data.type === 'reference') return undefined;
  return { ...part, data: data.type === 'url' ? { type: 'url', url: new URL(data.url) } : { type: 'data', data: Buffer.from(data.text).toString('base64') } };
}
