/** What this plugin claims, for the conformance kit: both of its wires. */
import { defineConformance, openAIUpstream } from '@modelport/testing/conformance';

const capabilities = ['streaming', 'tools', 'parallel-tools', 'tool-choice', 'json', 'json-schema', 'image-input', 'system-message'] as const;

export default defineConformance([
  {
    name: 'chat completions',
    upstream: openAIUpstream(),
    chat: { model: 'gpt-4o', capabilities: [...capabilities, 'seed', 'logprobs'], unsupported: { topK: 5 } },
    embedding: { model: 'text-embedding-3-small' },
  },
  {
    name: 'Responses',
    upstream: openAIUpstream({ api: 'responses' }),
    options: { api: 'responses' },
    chat: { model: 'gpt-5', capabilities: [...capabilities, 'reasoning'], unsupported: { topK: 5, seed: 7, stopSequences: ['END'] } },
    embedding: { model: 'text-embedding-3-small' },
  },
]);
