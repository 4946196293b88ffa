/** LangChain's chat model for OpenAI, over chat completions. */
import { ChatOpenAI } from '@langchain/openai';
import { INSTRUCTIONS, QUESTION } from '../answers.ts';
import { API_KEY, type CreateContender } from '../contender.ts';

export const createContender: CreateContender = (baseUrl) => {
  const models = new Map<string, ChatOpenAI>();
  const chat = (model: string): ChatOpenAI => {
    const known = models.get(model) ?? new ChatOpenAI({ model, apiKey: API_KEY, configuration: { baseURL: baseUrl }, useResponsesApi: false });
    models.set(model, known);
    return known;
  };
  const messages = (): [string, string][] => [['system', INSTRUCTIONS], ['user', QUESTION]];
  return {
    generate: async (model) => (await chat(model).invoke(messages())).text,
    stream: async (model, onText) => {
      for await (const chunk of await chat(model).stream(messages())) if (chunk.text !== '') onText(chunk.text);
    },
  };
};
