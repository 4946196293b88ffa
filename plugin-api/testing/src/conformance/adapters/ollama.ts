/** Ollama's native wire as an upstream of the kit. */
import { createOllamaUpstream } from '../../upstream/ollama-upstream.ts';
import type { Turn } from '../../upstream/turn.ts';
import type { UpstreamAdapter, UpstreamTurn } from '../upstream-adapter.ts';
import { faultsOf } from './turn-faults.ts';

/** Makes the adapter; the plugin is led to it by its option `baseUrl`, and `tiny:latest` can be pulled. */
export function ollamaUpstream(): UpstreamAdapter {
  return {
    finishReasons: ['stop', 'length'],
    embeddingOf: (text, index) => [index, text.length, 0.5, 0.5],
    start: async (turns) => {
      const upstream = await createOllamaUpstream(turns.length === 0 ? {} : { turns: turns.map(toTurn) });
      return {
        options: { baseUrl: upstream.baseUrl }, wire: upstream, close: () => upstream.close(),
        pull: { model: 'tiny:latest', stall: () => upstream.scriptPulls({ stallAfterBytes: 2_000 }) },
      };
    },
  };
}

function toTurn(turn: UpstreamTurn): Turn {
  const { finish, error, fault: _, ...rest } = turn;
  return {
    ...rest,
    ...(finish === undefined ? {} : { finishReason: finish }),
    ...(error === undefined ? {} : { error: { status: error.status, ...(error.status === 404 ? { message: "model 'scripted' not found" } : {}) }, headers: error.retryAfter === undefined ? {} : { 'retry-after': error.retryAfter } }),
    faults: faultsOf(turn, { error: 'llama runner process has terminated' }),
  };
}
