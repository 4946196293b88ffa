/** The static schema a host reads before any code of the plugin runs. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { LiteLLMOptions } from '../src/index.ts';

test('options.schema.json is what the code’s schema says', async () => {
  const schema = z.toJSONSchema(LiteLLMOptions, { io: 'input', target: 'draft-2020-12' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../options.schema.json');
});

test('only the address is needed, and an unknown option is refused', () => {
  expect(LiteLLMOptions.safeParse({}).success).toBe(false);
  expect(LiteLLMOptions.parse({ baseUrl: 'http://127.0.0.1:4000' })).toMatchObject({ api: 'chat', tags: [], session: 'body' });
  expect(LiteLLMOptions.safeParse({ baseUrl: 'http://127.0.0.1:4000', tag: 'a' }).success).toBe(false);
});
