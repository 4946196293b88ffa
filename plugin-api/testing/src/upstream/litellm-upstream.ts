/** A scripted upstream that speaks as a LiteLLM proxy: OpenAI's wire with the proxy's headers, model facts, health and reranking. */
import { createOpenAIUpstream, type OpenAIUpstream, type OpenAIUpstreamOptions } from './openai-upstream.ts';
import type { Turn } from './turn.ts';

/** How the upstream answers. */
export interface LiteLLMUpstreamOptions extends Omit<OpenAIUpstreamOptions, 'basePath' | 'change' | 'refuse' | 'arraysOnly'> {
  /** Entries of GET /model/info. Default: one deployment `gpt-4o` with prices, limits and capabilities. */
  readonly deployments?: readonly object[];
}

/** Headers of every answer. Source: https://docs.litellm.ai/docs/proxy/response_headers. */
const HEADERS = {
  'x-litellm-call-id': 'b980db26-9512-45cc-b1da-c511a363b83f', 'x-litellm-model-id': 'cb41bc03f4c33d31', 'x-litellm-model-group': 'gpt-4o', 'x-litellm-model-api-base': 'https://api.openai.com',
  'x-litellm-version': '1.80.0', 'x-litellm-response-cost': '0.000123', 'x-litellm-key-spend': '0.5', 'x-litellm-response-duration-ms': '812.5', 'x-litellm-overhead-duration-ms': '3.25',
  'x-litellm-attempted-retries': '0', 'x-litellm-attempted-fallbacks': '1',
};

const DEPLOYMENT = {
  model_name: 'gpt-4o', litellm_params: { model: 'openai/gpt-4o' },
  model_info: {
    id: 'cb41bc03f4c33d31', mode: 'chat', litellm_provider: 'openai', max_input_tokens: 128_000, max_output_tokens: 16_384, input_cost_per_token: 0.0000025, output_cost_per_token: 0.00001,
    cache_read_input_token_cost: 0.00000125, supports_function_calling: true, supports_vision: true, supports_audio_input: false, supports_reasoning: null,
  },
};

/** Starts an upstream on a free port of 127.0.0.1. Its `baseUrl` ends in `/v1`; the proxy's own routes lie above. */
export async function createLiteLLMUpstream({ deployments = [DEPLOYMENT], turns = [{ text: 'Hello.' }], routes, ...options }: LiteLLMUpstreamOptions = {}): Promise<OpenAIUpstream> {
  const withHeaders = (turn: Turn): Turn => ({ ...turn, headers: { ...HEADERS, ...turn.headers } });
  const upstream = await createOpenAIUpstream({
    ...options,
    turns: turns.map(withHeaders),
    routes: {
      'GET /model/info': { body: { data: deployments } },
      'GET /health/readiness': { body: { status: 'connected', db: 'connected', cache: null, litellm_version: '1.80.0', success_callbacks: [] } },
      'GET /health/liveliness': { body: '"I\'m alive!"' },
      'POST /v1/rerank': { body: { id: 'rerank-1', results: [{ index: 1, relevance_score: 0.9 }, { index: 0, relevance_score: 0.1 }], meta: { tokens: { input_tokens: 12 } } } },
      ...routes,
    },
  });
  // The getters of the upstream must stay getters.
  return Object.create(upstream, { script: { value: (...next: readonly Turn[]) => { upstream.script(...next.map(withHeaders)); } } }) as OpenAIUpstream;
}
