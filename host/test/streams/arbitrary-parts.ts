/** Random streams for the property tests: results in order, and messes no plugin should make. */
import type { ChatPart, ChatResult, ContentPart, ProviderData, Usage } from '@modelport/plugin-api';
import fc from 'fast-check';

const metadata: fc.Arbitrary<ProviderData> = fc.dictionary(fc.constantFrom('acme', 'other', '__proto__'), fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.nat()), { minKeys: 1, noNullPrototype: true });
const carried = fc.option(metadata, { nil: undefined }).map((providerMetadata) => (providerMetadata === undefined ? {} : { providerMetadata }));
const count = fc.option(fc.nat(), { nil: undefined });

/** Usage as an honest vendor sends it: absent figures are absent. */
export const usages: fc.Arbitrary<Usage> = fc.record({ inputTotal: count, cacheRead: count, outputTotal: count, reasoning: count }).map((figures) => ({
  inputTokens: defined({ total: figures.inputTotal, cacheRead: figures.cacheRead }),
  outputTokens: defined({ total: figures.outputTotal, reasoning: figures.reasoning }),
}));

function defined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, figure]) => figure !== undefined)) as Value;
}

const words = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' });

/** Content of an answer, with tool call ids used once. */
export const contents: fc.Arbitrary<readonly ContentPart[]> = fc.array(fc.oneof(
  fc.tuple(words, carried).map(([text, more]) => ({ type: 'text' as const, text, ...more })),
  fc.tuple(words, carried).map(([text, more]) => ({ type: 'reasoning' as const, text, ...more })),
  fc.tuple(words).map(([text]) => ({ type: 'text' as const, text, citations: [{ source: { type: 'source' as const, sourceType: 'url' as const, id: 's' } }] })),
  fc.tuple(words, fc.json(), carried).map(([toolName, input, more]) => ({ type: 'tool-call' as const, toolCallId: '', toolName, input, ...more })),
  fc.constant({ type: 'source' as const, sourceType: 'url' as const, id: 's1', url: 'https://example.org' }),
  fc.constant({ type: 'file' as const, mediaType: 'image/png', data: { type: 'data' as const, data: 'AAAA' } }),
  fc.constant({ type: 'custom' as const, kind: 'acme.note' }),
  fc.constant({ type: 'unknown' as const, part: { type: 'hologram' } }),
), { maxLength: 6 }).map((content) => content.map((part, index) => (part.type === 'tool-call' ? { ...part, toolCallId: `call_${index}` } : part)));

/** Whole answers, in the form the host gives them. */
export const results: fc.Arbitrary<ChatResult> = fc.tuple(contents, usages, fc.boolean(), fc.boolean(), carried).map(([content, usage, warned, answered, more]) => ({
  content,
  finishReason: { unified: content.some((part) => part.type === 'tool-call') ? 'tool-calls' : 'stop', raw: 'end_turn' },
  usage,
  ...(answered ? { response: { id: 'r1', modelId: 'm-2026', timestamp: new Date(0) } } : {}),
  ...(warned ? { warnings: [{ type: 'unsupported' as const, feature: 'topK' }] } : {}),
  ...more,
}));

const ids = fc.constantFrom<unknown>('0', '1', 'a', 0, undefined);
const callIds = fc.constantFrom('c1', 'c2');
const deltas = fc.constantFrom('', 'x', '{"a":', '1}', 'é');
const reasons = fc.constantFrom('stop', 'length', 'tool-calls', 'content-filter', 'vendor-word');
const figures = fc.constantFrom<unknown>(undefined, null, 0, 7, -1, Number.NaN, Infinity, '12');
const messyUsage = fc.oneof(fc.constant<unknown>(undefined), fc.record({ inputTokens: fc.record({ total: figures }), outputTokens: fc.record({ total: figures, text: figures }), costUsd: figures }));

const messyPart: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constantFrom('text-start', 'text-end', 'reasoning-start', 'reasoning-end'), id: ids }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('text-end', 'reasoning-end', 'text-start', 'text-delta'), id: ids, delta: deltas, providerMetadata: metadata }) },
  { weight: 10, arbitrary: fc.record({ type: fc.constantFrom('text-delta', 'reasoning-delta'), id: ids, delta: deltas }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('text', 'reasoning'), text: deltas }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('tool-input-start'), id: callIds, toolName: fc.constantFrom('sum', 'find') }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('tool-input-delta'), id: callIds, delta: deltas }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('tool-input-end'), id: callIds }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('tool-call'), toolCallId: callIds, toolName: fc.constantFrom('sum', 'find'), input: fc.constantFrom<unknown>('', '{}', '{"a":1}', ' ', { a: 1 }, undefined), providerExecuted: fc.constantFrom(true, undefined) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('tool-result'), toolCallId: callIds, toolName: fc.constant('sum'), output: fc.constant({ type: 'text', value: '3' }), preliminary: fc.constantFrom(true, undefined) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('usage'), usage: messyUsage }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('finish'), finishReason: reasons.map((unified) => ({ unified })), usage: messyUsage }) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>({ type: 'stream-start', warnings: [{ type: 'other', message: 'late' }] }, { type: 'stream-start' }, { type: 'warning', warning: 'x' }, { type: 'ping' }, { type: 'raw', rawValue: 1 }, { type: 'response-metadata', id: 'r' }, { type: 'hologram' }, {}) },
);

/** What a careless plugin yields: blocks never opened, opened twice, never closed, ids used again, several finishes, counts that are none. */
export const messes: fc.Arbitrary<readonly ChatPart[]> = fc.array(messyPart, { maxLength: 25 }) as fc.Arbitrary<readonly ChatPart[]>;

/** What no rule can mend. */
export const faultyParts: fc.Arbitrary<ChatPart> = fc.constantFrom<unknown>(
  null, undefined, 'text', 7, [[]], { type: 'text-delta', id: '0', delta: 7 }, { type: 'reasoning-delta', id: '0' }, { type: 'text-delta', id: {}, delta: 'x' },
  { type: 'tool-input-delta', id: 'never-started', delta: 'x' }, { type: 'tool-call', toolName: 'sum', input: '{}' }, { type: 'tool-call', toolCallId: 'c', input: '{}' },
  { type: 'tool-call', toolCallId: 'new', toolName: 'sum', input: 7 }, { type: 'tool-result', toolCallId: 'c', toolName: 'sum' }, { type: 'file', mediaType: 'a/b' },
  { type: 'finish' }, { type: 'finish', finishReason: 'stop' }, { type: 'error', error: 'overloaded' }, { type: 'source' },
) as fc.Arbitrary<ChatPart>;
