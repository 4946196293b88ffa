/** Token counts and reasons to stop are the vendor's, and what it does not say stays unknown. */
import type { Usage } from '@modelport/plugin-api';
import { type ConformanceCase, expectSame, expectThat, NotApplicable } from '../case.ts';
import { ask } from '../trial.ts';
import { WEATHER } from './chat.ts';

/** The cases. */
export const accountingCases: readonly ConformanceCase[] = [
  {
    name: 'usage/equal', title: 'token counts are the ones the vendor sent', needs: ['chat'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: 'Hi.', usage: { input: 137, output: 41 } }]);
      const { result } = await backend.answer();
      expectSame({ input: result.usage.inputTokens.total, output: result.usage.outputTokens.total }, { input: 137, output: 41 }, 'the usage');
    },
  },
  {
    name: 'usage/totals', title: 'totals include their parts: cached tokens are input, reasoning is output', needs: ['chat'],
    run: async (trial) => {
      const details = trial.subject.declaration.upstream?.usageDetails ?? [];
      if (details.length === 0) throw new NotApplicable('the wire tells no parts of a count (usageDetails of the upstream is empty)');
      const parts = { ...(details.includes('cached') ? { cached: 32 } : {}), ...(details.includes('reasoning') ? { reasoning: 9 } : {}) };
      const { result } = await (await trial.backend([{ text: 'Hi.', usage: { input: 137, output: 41, ...parts } }])).answer();
      const { inputTokens, outputTokens } = result.usage;
      expectSame({ input: inputTokens.total, output: outputTokens.total }, { input: 137, output: 41 }, 'the totals beside their parts');
      if (details.includes('cached')) expectSame(inputTokens.cacheRead, 32, 'inputTokens.cacheRead');
      if (details.includes('reasoning')) expectSame(outputTokens.reasoning, 9, 'outputTokens.reasoning');
    },
  },
  {
    name: 'usage/absent', title: 'a count the vendor does not send is undefined, never 0', needs: ['chat'],
    run: async (trial) => {
      if (trial.subject.declaration.upstream?.canOmitUsage === false) throw new NotApplicable('the wire always tells its counts (canOmitUsage of the upstream is false)');
      const { result, raw } = await (await trial.backend([{ text: 'Hi.', usage: null }])).answer();
      const told = new Set([...raw.flatMap((part) => (part.type === 'finish' || part.type === 'usage' ? figures(part.usage) : [])), ...figures(result.usage)]);
      expectThat(told.size === 0, `the vendor sent no counts, yet the usage says ${[...told].join(', ')}`);
    },
  },
  {
    name: 'finish/reasons', title: 'each reason to stop has its word, beside the vendor’s own', needs: ['chat'],
    run: async (trial) => {
      for (const finish of trial.subject.declaration.upstream?.finishReasons ?? (['stop', 'length'] as const)) {
        const { result } = await (await trial.backend([{ text: 'Hi.', finish }])).answer();
        expectSame(result.finishReason.unified, finish, `the finish reason of an answer that ends with ${finish}`);
        if (trial.claims.has('wire')) expectThat(typeof result.finishReason.raw === 'string' && result.finishReason.raw !== '', `the vendor's own word for ${finish} is missing`);
      }
    },
  },
  {
    name: 'finish/tool-calls', title: 'an answer that calls a tool ends with tool-calls', needs: ['chat', 'tools'],
    run: async (trial) => {
      const backend = await trial.backend([{ toolCalls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }] }]);
      const { raw } = await backend.answer(ask({ tools: [WEATHER] }));
      const finish = raw.find((part) => part.type === 'finish');
      expectSame(finish?.finishReason.unified, 'tool-calls', 'the finish reason');
    },
  },
];

function figures({ inputTokens, outputTokens, costUsd }: Usage): string[] {
  const all = { ...prefixed('input', inputTokens), ...prefixed('output', outputTokens), costUsd };
  return Object.entries(all).filter(([, figure]) => figure !== undefined).map(([name, figure]) => `${name} = ${figure}`);
}

function prefixed(prefix: string, group: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(group).map(([name, figure]) => [`${prefix}.${name}`, figure]));
}
