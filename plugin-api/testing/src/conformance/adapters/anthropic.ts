/** Anthropic's Messages API as an upstream of the kit. */
import { createAnthropicUpstream } from '../../upstream/anthropic-upstream.ts';
import type { AnthropicTurn } from '../../upstream/anthropic-turn.ts';
import type { UpstreamAdapter, UpstreamFinish, UpstreamTurn } from '../upstream-adapter.ts';
import { faultsOf } from './turn-faults.ts';

const WORDS: Readonly<Record<UpstreamFinish, string>> = { 'stop': 'end_turn', 'length': 'max_tokens', 'content-filter': 'refusal', 'refusal': 'refusal' };
const ERROR_EVENT = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };

/** Makes the adapter; the plugin is led to it by its option `baseUrl`. */
export function anthropicUpstream(): UpstreamAdapter {
  return {
    finishReasons: ['stop', 'length', 'refusal'],
    usageDetails: ['cached'],
    start: async (turns) => {
      const upstream = await createAnthropicUpstream({ turns: turns.map(toTurn) });
      return { options: { baseUrl: upstream.baseUrl }, wire: upstream, close: () => upstream.close() };
    },
  };
}

/** The vendor's own words where the upstream knows none for a status. */
function wordsFor(status: number): { readonly type?: string; readonly message?: string } {
  if (status === 404) return { message: 'model: scripted' };
  if (status === 408) return { type: 'timeout_error' };
  return status === 422 ? { type: 'invalid_request_error' } : {};
}

function toTurn(turn: UpstreamTurn): AnthropicTurn {
  const { finish, error, fault: _, ...rest } = turn;
  return {
    ...rest,
    ...(finish === undefined ? {} : { finishReason: WORDS[finish] }),
    ...(error === undefined ? {} : { error: { status: error.status, ...wordsFor(error.status) }, headers: error.retryAfter === undefined ? {} : { 'retry-after': error.retryAfter } }),
    faults: faultsOf(turn, ERROR_EVENT),
  };
}
