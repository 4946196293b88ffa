/** Reranking through the proxy, whose wire is Cohere's. Source: https://docs.litellm.ai/docs/rerank. */
import { CallError, type Call, type RerankModel, type RerankRequest, type RerankResult } from '@modelport/plugin-api';
import type { Endpoint } from '@modelport/openai/compatible';

interface WireRanking {
  readonly results?: readonly { readonly index?: number; readonly relevance_score?: number }[];
  readonly meta?: { readonly tokens?: { readonly input_tokens?: number | null } | null; readonly billed_units?: { readonly total_tokens?: number | null } | null } | null;
}

/** One reranking model of the proxy. */
export class ProxyRerankModel implements RerankModel {
  private readonly endpoint: Endpoint;
  private readonly modelId: string;

  constructor(endpoint: Endpoint, modelId: string) {
    this.endpoint = endpoint;
    this.modelId = modelId;
  }

  /** Throws PROTOCOL for an answer without a ranking, else as the endpoint does. */
  async rerank(request: RerankRequest, call: Call): Promise<RerankResult> {
    const body = { model: this.modelId, query: request.query, documents: request.documents, ...(request.topN === undefined ? {} : { top_n: request.topN }), ...request.providerOptions?.['litellm'] };
    const response = await this.endpoint.post(this.modelId, '/rerank', JSON.stringify(body), this.endpoint.vendor.headers?.(call), call);
    const answer = (await response.json()) as WireRanking | null;
    if (!Array.isArray(answer?.results)) throw new CallError('PROTOCOL', 'POST /rerank answered without results.', { retryable: false });
    const tokens = answer.meta?.tokens?.input_tokens ?? answer.meta?.billed_units?.total_tokens ?? undefined;
    return {
      ranking: answer.results.map(({ index, relevance_score: relevanceScore }: { readonly index?: number; readonly relevance_score?: number }) => {
        if (typeof index !== 'number' || typeof relevanceScore !== 'number') throw new CallError('PROTOCOL', 'POST /rerank answered with a result without index or score.', { retryable: false });
        return { index, relevanceScore };
      }),
      usage: { tokens },
    };
  }
}
