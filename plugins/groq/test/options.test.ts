/** The static schema a host reads before any code of the plugin runs. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { GroqOptions } from '../src/index.ts';

test('options.schema.json is what the code’s schema says', async () => {
  const schema = z.toJSONSchema(GroqOptions, { io: 'input', target: 'draft-2020-12' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../options.schema.json');
});

test('no option is needed, and an unknown one is refused', () => {
  expect(GroqOptions.parse({})).toEqual({ baseUrl: 'https://api.groq.com/openai/v1', reasoningFormat: 'parsed', structuredOutput: 'auto' });
  expect(GroqOptions.safeParse({ topK: true }).success).toBe(false);
});
