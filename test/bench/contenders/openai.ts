/** The vendor's own SDK. */
import OpenAI from 'openai';
import { INSTRUCTIONS, QUESTION } from '../answers.ts';
import { API_KEY, type CreateContender } from '../contender.ts';

export const createContender: CreateContender = (baseUrl) => {
  const client = new OpenAI({ apiKey: API_KEY, baseURL: baseUrl });
  const messages = () => [{ role: 'system' as const, content: INSTRUCTIONS }, { role: 'user' as const, content: QUESTION }];
  return {
    generate: async (model) => (await client.chat.completions.create({ model, messages: messages() })).choices[0]!.message.content ?? '',
    stream: async (model, onText) => {
      for await (const chunk of await client.chat.completions.create({ model, messages: messages(), stream: true })) {
        const text = chunk.choices[0]?.delta.content;
        if (text) onText(text);
      }
    },
  };
};
