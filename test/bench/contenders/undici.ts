/** The floor: one `undici.request` a call, `JSON.parse` on what comes, and nothing else. It checks no shape and knows no error. */
import { Agent, request } from 'undici';
import { INSTRUCTIONS, QUESTION } from '../answers.ts';
import { API_KEY, type CreateContender } from '../contender.ts';

interface Completion { readonly choices: readonly { readonly message: { readonly content: string } }[] }
interface Chunk { readonly choices: readonly { readonly delta: { readonly content?: string } }[] }

export const createContender: CreateContender = (baseUrl) => {
  const dispatcher = new Agent({ connections: 64 });
  const post = (model: string, stream: boolean) => request(`${baseUrl}/chat/completions`, {
    method: 'POST',
    dispatcher,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({ model, stream, messages: [{ role: 'system', content: INSTRUCTIONS }, { role: 'user', content: QUESTION }] }),
  });
  return {
    generate: async (model) => {
      const { body } = await post(model, false);
      return (JSON.parse(await body.text()) as Completion).choices[0]!.message.content;
    },
    stream: async (model, onText) => {
      const { body } = await post(model, true);
      const decoder = new TextDecoder();
      let rest = '';
      for await (const bytes of body) {
        const lines = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n');
        rest = lines.pop()!;
        for (const line of lines) {
          if (!line.startsWith('data: ') || line === 'data: [DONE]') continue;
          const text = (JSON.parse(line.slice(6)) as Chunk).choices[0]?.delta.content;
          if (text) onText(text);
        }
      }
    },
    close: () => dispatcher.close(),
  };
};
