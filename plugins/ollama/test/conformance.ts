/** What this plugin claims, for the conformance kit. */
import { defineConformance, ollamaUpstream } from '@modelport/testing/conformance';

export default defineConformance({
  upstream: ollamaUpstream(),
  chat: {
    model: 'scripted',
    capabilities: ['streaming', 'tools', 'parallel-tools', 'json', 'json-schema', 'image-input', 'reasoning', 'seed', 'system-message'],
    unsupported: { logitBias: { 7: 1 }, user: 'someone' },
  },
  embedding: { model: 'scripted-embedding' },
});
