/** What this plugin claims, for the conformance kit. */
import { bedrockUpstream, defineConformance } from '@modelport/testing/conformance';

export default defineConformance({
  upstream: bedrockUpstream(),
  chat: {
    model: 'us.anthropic.claude-opus-4-6-v1',
    capabilities: ['streaming', 'tools', 'parallel-tools', 'tool-choice', 'json', 'json-schema', 'image-input', 'file-input', 'reasoning', 'system-message'],
    unsupported: { seed: 7, presencePenalty: 0.5, frequencyPenalty: 0.5, logitBias: { 7: 1 }, topLogprobs: 2, user: 'someone', parallelToolCalls: false },
  },
  embedding: { model: 'cohere.embed-multilingual-v3' },
});
