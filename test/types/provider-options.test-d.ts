/** A vendor's own request fields are typed by its plugin, and fit `providerOptions`. */
import type { AnthropicRequestFields } from '@modelport/anthropic';
import type { ChatOptions } from '@modelport/host';
import type { OpenAIRequestFields } from '@modelport/openai';
import { expectTypeOf, test } from 'vitest';

test('fields of a vendor fit the options of a call', () => {
  const options: ChatOptions = {
    providerOptions: {
      openai: { verbosity: 'low', store: true } satisfies OpenAIRequestFields,
      anthropic: { speed: 'fast', betas: ['context-1m'] } satisfies AnthropicRequestFields,
    },
  };
  expectTypeOf(options).toExtend<ChatOptions>();
});

test('a field of the wrong type does not compile', () => {
  // @ts-expect-error a switch is no text
  expectTypeOf({ store: 'yes' } satisfies OpenAIRequestFields).toBeObject();
  // @ts-expect-error a list is wanted
  expectTypeOf({ betas: 'context-1m' } satisfies AnthropicRequestFields).toBeObject();
});
