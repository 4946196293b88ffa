/** What this plugin claims, for the conformance kit. */
import { createGroqUpstream } from '@modelport/testing';
import { defineConformance, openAIUpstream } from '@modelport/testing/conformance';

export default defineConformance({
  upstream: openAIUpstream({ create: createGroqUpstream }),
  chat: {
    model: 'llama-3.3-70b-versatile', capabilities: ['streaming', 'tools', 'parallel-tools', 'tool-choice', 'json', 'system-message'],
    unsupported: { topK: 5, logitBias: { 7: 1 }, topLogprobs: 2 },
  },
});
