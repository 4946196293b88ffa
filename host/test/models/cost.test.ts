/** What an answer costs: the vendor's word, else real usage times a dated price, else unknown. */
import { createTestHost } from '@modelport/host/testing';
import { definePlugin, type Usage } from '@modelport/plugin-api';
import { describe, expect, it, test } from 'vitest';
import { costOf, isSameModel } from '../../src/models/cost.ts';

const price = { asOf: '2026-07-02', inputUsdPerMillionTokens: 2, outputUsdPerMillionTokens: 10, cacheReadUsdPerMillionTokens: 0.5, cacheWriteUsdPerMillionTokens: 2.5 };
const usage = (input: Usage['inputTokens'], output: Usage['outputTokens'], more: Partial<Usage> = {}): Usage => ({ inputTokens: input, outputTokens: output, ...more });

describe('the cost of an answer', () => {
  const cases: readonly (readonly [string, Usage, object | undefined, number | undefined])[] = [
    ['input and output', usage({ total: 1000 }, { total: 100 }), price, 0.003],
    ['cached tokens, which are part of the input', usage({ total: 1000, cacheRead: 400, cacheWrite: 100 }, { total: 0 }), price, 0.00145],
    ['the vendor’s own count of what met no cache', usage({ total: 1000, noCache: 500, cacheRead: 400, cacheWrite: 100 }, { total: 0 }), price, 0.00145],
    ['reasoning once, as part of the output', usage({ total: 0 }, { total: 100, reasoning: 90, text: 10 }), price, 0.001],
    ['what the vendor states, over any price', usage({ total: 1000 }, { total: 100 }, { costUsd: 0.5 }), price, 0.5],
    ['0 that the vendor states', usage({}, {}, { costUsd: 0 }), undefined, 0],
    ['no price: unknown', usage({ total: 1000 }, { total: 100 }), undefined, undefined],
    ['no input count: unknown', usage({}, { total: 100 }), price, undefined],
    ['no output count: unknown', usage({ total: 1000 }, {}), price, undefined],
    ['cached tokens without a price for them: unknown', usage({ total: 1000, cacheRead: 1 }, { total: 100 }), { ...price, cacheReadUsdPerMillionTokens: undefined }, undefined],
    ['no cached tokens, and no price for them', usage({ total: 1000, cacheRead: 0 }, { total: 100 }), { ...price, cacheReadUsdPerMillionTokens: undefined }, 0.003],
    ['no price for the output: unknown', usage({ total: 1000 }, { total: 1 }), { ...price, outputUsdPerMillionTokens: undefined }, undefined],
    ['more input than the price is for: unknown', usage({ total: 1001 }, { total: 1 }), { ...price, upToInputTokens: 1000 }, undefined],
    ['as much input as the price is for', usage({ total: 1000 }, { total: 0 }), { ...price, upToInputTokens: 1000 }, 0.002],
    ['figures that binary fractions would spoil', usage({ total: 3 }, { total: 0 }), { ...price, inputUsdPerMillionTokens: 0.1 }, 0.0000003],
  ];
  test.each(cases)('%s', (_, counts, of, expected) => {
    expect(costOf(counts, of as Parameters<typeof costOf>[1])).toBe(expected);
  });

  it('stands in the answer, streamed or not, by the price the config gives', async () => {
    const plugin = definePlugin({
      api: 1,
      start: () => ({
        chatModel: (id) => ({
          async *stream() {
            yield { type: 'response-metadata' as const, modelId: id === 'routed' ? 'quite-another' : `${id}-2026-01-02` };
            yield { type: 'finish' as const, finishReason: { unified: 'stop' as const }, usage: usage({ total: 1000 }, { total: 100 }) };
          },
        }),
      }),
    });
    await using host = await createTestHost({ backends: { acme: plugin }, config: { backends: { acme: { plugin: 'given-in-code', models: { dear: { price }, routed: { price } } } } } });
    const dear = host.models.get('dear@acme');
    expect([(await dear.generate('Hi')).costUsd, (await dear.stream('Hi').answer).costUsd]).toEqual([0.003, 0.003]);
    expect((await dear.generate('Hi')).usage).not.toHaveProperty('costUsd');
    expect((await host.models.get('free@acme').generate('Hi')).costUsd).toBeUndefined();
    // A router answered with another model, whose price nobody gave.
    expect((await host.models.get('routed@acme').generate('Hi')).costUsd).toBeUndefined();
  });
});

test.each([
  ['gpt-4o', 'gpt-4o', true], ['gpt-4o', 'gpt-4o-2024-08-06', true], ['claude-sonnet-4-5', 'claude-sonnet-4-5-20250929', true], ['openai/gpt-4o', 'gpt-4o', true], ['gpt-4o', 'openai/gpt-4o', true],
  ['gpt-4o', 'gpt-4o-mini', false], ['gpt-4o', 'gpt-4', false], ['gpt-5', 'gpt-5.1', false],
])('%s answered by %s is the same model: %s', (asked, answered, expected) => {
  expect(isSameModel(asked, answered)).toBe(expected);
});
