/** What this plugin claims, for the conformance kit. */
import { anthropicUpstream, defineConformance } from '@modelport/testing/conformance';

export default defineConformance({
  upstream: anthropicUpstream(),
  chat: {
    model: 'claude-opus-4-6',
    capabilities: ['streaming', 'tools', 'parallel-tools', 'tool-choice', 'json-schema', 'image-input', 'file-input', 'reasoning', 'system-message'],
    unsupported: { seed: 7, presencePenalty: 0.5, frequencyPenalty: 0.5, logitBias: { 7: 1 }, topLogprobs: 2 },
  },
});
