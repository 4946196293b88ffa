/** What this plugin claims, for the conformance kit. */
import { createLiteLLMUpstream } from '@modelport/testing';
import { defineConformance, openAIUpstream } from '@modelport/testing/conformance';

export default defineConformance({
  upstream: openAIUpstream({ create: createLiteLLMUpstream }),
  chat: { model: 'gpt-4o', capabilities: ['streaming', 'tools', 'parallel-tools', 'tool-choice', 'json', 'json-schema', 'system-message'] },
  embedding: { model: 'text-embedding-3-small' },
  rerank: { model: 'rerank', request: { query: 'red fish', documents: ['blue bird', 'red fish'] } },
});
