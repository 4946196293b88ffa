/** Amazon Bedrock as an upstream of the kit. */
import { createBedrockUpstream } from '../../upstream/bedrock-upstream.ts';
import type { BedrockTurn } from '../../upstream/bedrock-turn.ts';
import type { UpstreamAdapter, UpstreamFinish, UpstreamTurn } from '../upstream-adapter.ts';
import { faultsOf } from './turn-faults.ts';

const WORDS: Readonly<Record<UpstreamFinish, string>> = { 'stop': 'end_turn', 'length': 'max_tokens', 'content-filter': 'content_filtered', 'refusal': 'refusal' };
const ERROR_EVENT = { serviceUnavailableException: { message: 'The service is not available now.' } };

/** Makes the adapter; the plugin is led to it by its options `endpoint` and `controlEndpoint`, in the region us-east-1. */
export function bedrockUpstream(): UpstreamAdapter {
  return {
    finishReasons: ['stop', 'length', 'content-filter'],
    usageDetails: ['cached'],
    start: async (turns) => {
      const upstream = await createBedrockUpstream({ turns: turns.map(toTurn) });
      return { options: { endpoint: upstream.baseUrl, controlEndpoint: upstream.baseUrl, region: 'us-east-1' }, wire: upstream, close: () => upstream.close() };
    },
  };
}

function toTurn(turn: UpstreamTurn): BedrockTurn {
  const { finish, error, fault: _, ...rest } = turn;
  return {
    ...rest,
    ...(finish === undefined ? {} : { finishReason: WORDS[finish] }),
    ...(error === undefined ? {} : { error: { status: error.status }, headers: error.retryAfter === undefined ? {} : { 'retry-after': error.retryAfter } }),
    faults: faultsOf(turn, ERROR_EVENT),
  };
}
