/** The static schema a host reads before any code of the plugin runs. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { BedrockOptions } from '../src/index.ts';

test('options.schema.json is what the code’s schema says', async () => {
  const schema = z.toJSONSchema(BedrockOptions, { io: 'input', target: 'draft-2020-12' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../options.schema.json');
});

test('no option is needed, and an unknown one is refused', () => {
  expect(BedrockOptions.parse({}).auth).toBe('auto');
  expect(BedrockOptions.safeParse({ regoin: 'eu-central-1' }).success).toBe(false);
});
