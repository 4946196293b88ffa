/** OpenAI's wire, and every compatible one, as an upstream of the kit. */
import type { JsonObject } from '@modelport/plugin-api';
import { createOpenAIUpstream, type OpenAIUpstream } from '../../upstream/openai-upstream.ts';
import { vectorOf } from '../../upstream/embeddings-wire.ts';
import type { Turn } from '../../upstream/turn.ts';
import type { UpstreamAdapter, UpstreamFinish, UpstreamTurn } from '../upstream-adapter.ts';
import { faultsOf } from './turn-faults.ts';

/** How the wire is spoken. */
export interface OpenAIAdapterOptions {
  /** `responses` = the Responses API. Default `chat`: chat completions. */
  readonly api?: 'chat' | 'responses';
  /** The plugin's options that lead to the upstream. Default: `{ baseUrl }`. */
  readonly options?: (baseUrl: string) => JsonObject;
  /** Starts the upstream: another one for a vendor whose wire is this one with differences. Default: `createOpenAIUpstream`. */
  readonly create?: (options: { readonly turns: readonly Turn[] }) => Promise<OpenAIUpstream>;
  /** The event by which the vendor says, in its stream, that it failed. Default: OpenAI's. */
  readonly errorEvent?: object;
}

const WORDS: Readonly<Record<UpstreamFinish, string>> = { 'stop': 'stop', 'length': 'length', 'content-filter': 'content_filter', 'refusal': 'stop' };

/** Makes the adapter. */
export function openAIUpstream({ api = 'chat', options = (baseUrl) => ({ baseUrl }), create = createOpenAIUpstream, errorEvent = errorEventOf(api) }: OpenAIAdapterOptions = {}): UpstreamAdapter {
  return {
    finishReasons: ['stop', 'length', 'content-filter'],
    usageDetails: ['cached', 'reasoning'],
    embeddingOf: (text) => vectorOf(text, 4),
    start: async (turns) => {
      const upstream = await create({ turns: turns.map((turn) => toTurn(turn, api, errorEvent)) });
      return { options: options(upstream.baseUrl), wire: upstream, close: () => upstream.close() };
    },
  };
}

function errorEventOf(api: 'chat' | 'responses'): object {
  const message = 'The server had an error while processing your request.';
  return api === 'chat' ? { error: { message, type: 'server_error', param: null, code: null } } : { type: 'error', sequence_number: 3, code: 'server_error', message, param: null };
}

/** The vendor's own words for what a status means. */
function wordsFor(status: number): { readonly type?: string; readonly code?: string; readonly message?: string } {
  if (status === 404) return { code: 'model_not_found', message: 'The model `scripted` does not exist or you do not have access to it.' };
  return status >= 500 ? { type: 'server_error' } : {};
}

function toTurn(turn: UpstreamTurn, api: 'chat' | 'responses', errorEvent: object): Turn {
  const { finish, error, fault: _, ...rest } = turn;
  return {
    ...rest,
    // What makes reasoning go back where the vendor stores nothing.
    ...(api === 'responses' && turn.reasoning !== undefined ? { encryptedReasoning: 'gAAAA-scripted' } : {}),
    ...(finish === undefined ? {} : { finishReason: WORDS[finish] }),
    ...(error === undefined ? {} : { error: { status: error.status, ...wordsFor(error.status) }, headers: error.retryAfter === undefined ? {} : { 'retry-after': error.retryAfter } }),
    faults: faultsOf(turn, errorEvent),
  };
}
