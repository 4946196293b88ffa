/** The AI SDK with its OpenAI provider, over chat completions. */
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText } from 'ai';
import { INSTRUCTIONS, QUESTION } from '../answers.ts';
import { API_KEY, type CreateContender } from '../contender.ts';

export const createContender: CreateContender = (baseUrl) => {
  const openai = createOpenAI({ apiKey: API_KEY, baseURL: baseUrl });
  return {
    generate: async (model) => (await generateText({ model: openai.chat(model), instructions: INSTRUCTIONS, prompt: QUESTION })).text,
    stream: async (model, onText) => {
      for await (const text of streamText({ model: openai.chat(model), instructions: INSTRUCTIONS, prompt: QUESTION }).textStream) onText(text);
    },
  };
};
