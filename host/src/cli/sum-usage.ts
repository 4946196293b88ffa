/** The usage of several calls as one: what an agent's run cost. */
import type { Usage } from '@modelport/plugin-api';

/** Sums figure by figure. A figure that one of the calls does not state is unknown for the whole, so it is absent. Nothing for no call. */
export function sumUsage(usages: readonly Usage[]): Usage | undefined {
  const [first, ...rest] = usages;
  if (first === undefined || rest.length === 0) return first;
  const sum = (figure: (usage: Usage) => number | undefined): number | undefined => {
    const figures = usages.map(figure);
    return figures.every((value) => value !== undefined) ? figures.reduce<number>((total, value) => total + (value ?? 0), 0) : undefined;
  };
  const costUsd = sum((usage) => usage.costUsd);
  return {
    inputTokens: { total: sum(({ inputTokens }) => inputTokens.total), noCache: sum(({ inputTokens }) => inputTokens.noCache), cacheRead: sum(({ inputTokens }) => inputTokens.cacheRead), cacheWrite: sum(({ inputTokens }) => inputTokens.cacheWrite) },
    outputTokens: { total: sum(({ outputTokens }) => outputTokens.total), text: sum(({ outputTokens }) => outputTokens.text), reasoning: sum(({ outputTokens }) => outputTokens.reasoning) },
    ...(costUsd === undefined ? {} : { costUsd }),
  };
}
