/** What this plugin claims, for the conformance kit. It has no wire: a turn becomes a rule of its script. */
import type { JsonObject } from '@modelport/plugin-api';
import { defineConformance, type UpstreamTurn } from '@modelport/testing/conformance';

export default defineConformance({
  upstream: {
    finishReasons: ['stop', 'length', 'content-filter', 'refusal'],
    usageDetails: ['cached', 'reasoning'],
    start: (turns) => Promise.resolve({ options: turns.length === 0 ? {} : { script: scriptOf(turns) }, close: () => Promise.resolve() }),
  },
  chat: { model: 'kit', capabilities: ['streaming', 'tools', 'parallel-tools', 'reasoning', 'json', 'json-schema'], unsupported: { topK: 5, temperature: 0.5, logitBias: { 7: 1 } } },
  embedding: { model: 'embedding' },
});

/** One rule for each turn, by the number of the request; the last answers all that follow. */
function scriptOf(turns: readonly UpstreamTurn[]): JsonObject[] {
  return turns.map((turn, index) => ({ ...(index === turns.length - 1 ? {} : { match: { call: index + 1 } }), reply: stepsOf(turn) }));
}

function stepsOf({ text = [], reasoning = [], toolCalls = [], usage, finish, fault }: UpstreamTurn): JsonObject[] {
  if (fault === 'silence') return [{ stall: true }];
  const deltas = typeof text === 'string' ? [text] : text;
  if (fault === 'stall') return [{ text: deltas[0] ?? '' }, { stall: true }];
  return [
    ...(typeof reasoning === 'string' ? [reasoning] : reasoning).map((delta) => ({ reasoning: delta })),
    ...deltas.map((delta) => ({ text: delta })),
    ...toolCalls.map(({ id, name, arguments: input = '' }) => ({ toolCall: { name, ...(input.length === 0 ? {} : { input: typeof input === 'string' ? input : input.join('') }), ...(id === undefined ? {} : { id }) } })),
    ...(usage === undefined ? [] : [{ usage: usage === null ? 'absent' : { inputTokens: usage.input, outputTokens: usage.output, ...(usage.cached === undefined ? {} : { cacheReadTokens: usage.cached }), ...(usage.reasoning === undefined ? {} : { reasoningTokens: usage.reasoning }) } }]),
    ...(finish === undefined ? [] : [{ finish }]),
  ];
}
