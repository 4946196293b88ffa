/** Modelport with the OpenAI plugin, every interceptor that can be off switched off. */
import { createHost, type ModelHandle } from '@modelport/host';
import type { Message } from '@modelport/plugin-api';
import { INSTRUCTIONS, QUESTION } from '../answers.ts';
import { API_KEY, type CreateContender } from '../contender.ts';

export const createContender: CreateContender = async (baseUrl) => {
  const host = await createHost({
    config: { backends: { bench: { plugin: '@modelport/openai', options: { baseUrl }, secrets: { apiKey: { env: 'BENCH_API_KEY' } } } } },
    cwd: import.meta.dirname,
    environment: { BENCH_API_KEY: API_KEY },
  });
  const handles = new Map<string, ModelHandle>();
  const handle = (model: string): ModelHandle => {
    const known = handles.get(model) ?? host.models.get(`${model}@bench`);
    handles.set(model, known);
    return known;
  };
  // Made anew for each call, as by every other contender: a history that is frozen already would be cheaper.
  const messages = (): Message[] => [{ role: 'system', content: INSTRUCTIONS }, { role: 'user', content: [{ type: 'text', text: QUESTION }] }];
  return {
    generate: async (model) => (await handle(model).generate(messages())).text,
    stream: async (model, onText) => {
      for await (const part of handle(model).stream(messages())) if (part.type === 'text-delta') onText(part.delta);
    },
    close: () => host.close(),
  };
};
