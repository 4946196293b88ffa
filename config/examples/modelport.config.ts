/** A config in TypeScript: plain data, checked by the editor while it is written. */
import type { ConfigInput } from '@modelport/host';

export default {
  backends: {
    scripted: { plugin: '@modelport/scripted', options: { chunkWords: 2 } },
  },
  models: { default: 'demo@scripted' },
} satisfies ConfigInput;
