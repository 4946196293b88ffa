/** Token counts for a model that has no tokens: a word is a token, and a word is whatever stands between white space. */
import type { ChatRequest, Usage } from '@modelport/plugin-api';

import { textOf } from './conversation.ts';
import type { ScriptedUsage } from './script.ts';

/** Words in a text. */
export function countWords(text: string): number {
  return text.match(/\S+/gu)?.length ?? 0;
}

/** Words in all messages of a request, the inputs of tool calls and the texts of tool results included. */
export function countRequestWords(request: ChatRequest): number {
  return request.messages.reduce((total, message) => total + countWords(textOf(message)), 0);
}

/** Usage of the contract from the flat counts of a script; `absent` = every figure undefined. */
export function usageOf(stated: ScriptedUsage | 'absent'): Usage {
  if (stated === 'absent') return { inputTokens: {}, outputTokens: {} };
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, reasoningTokens, costUsd } = stated;
  const isCacheStated = cacheReadTokens !== undefined || cacheWriteTokens !== undefined;
  return {
    inputTokens: {
      total: inputTokens,
      noCache: inputTokens === undefined || !isCacheStated ? undefined : Math.max(0, inputTokens - (cacheReadTokens ?? 0) - (cacheWriteTokens ?? 0)),
      cacheRead: cacheReadTokens,
      cacheWrite: cacheWriteTokens,
    },
    outputTokens: {
      total: outputTokens,
      text: outputTokens === undefined || reasoningTokens === undefined ? undefined : Math.max(0, outputTokens - reasoningTokens),
      reasoning: reasoningTokens,
    },
    ...(costUsd === undefined ? {} : { costUsd }),
  };
}
