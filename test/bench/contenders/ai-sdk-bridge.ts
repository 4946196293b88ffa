/** Modelport with the AI SDK's OpenAI provider behind the bridge, over chat completions. */
import { createHost } from '@modelport/host';
import type { Message } from '@modelport/plugin-api';
import { INSTRUCTIONS, QUESTION } from '../answers.ts';
import { API_KEY, type CreateContender } from '../contender.ts';

export const createContender: CreateContender = async (baseUrl) => {
  const host = await createHost({
    config: { backends: { bench: { plugin: '@ai-sdk/openai', adapter: 'ai-sdk', options: { baseURL: baseUrl, compat: { access: { chat: 'chat' } } }, secrets: { apiKey: { env: 'BENCH_API_KEY' } } } } },
    cwd: import.meta.dirname,
    environment: { BENCH_API_KEY: API_KEY },
  });
  const messages = (): Message[] => [{ role: 'system', content: INSTRUCTIONS }, { role: 'user', content: [{ type: 'text', text: QUESTION }] }];
  return {
    generate: async (model) => (await host.models.get(`${model}@bench`).generate(messages())).text,
    stream: async (model, onText) => {
      for await (const part of host.models.get(`${model}@bench`).stream(messages())) if (part.type === 'text-delta') onText(part.delta);
    },
    close: () => host.close(),
  };
};
