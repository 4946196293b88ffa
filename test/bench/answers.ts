/** The fixed questions and answers of the benchmark: what every contender sends, and the bytes the upstream sends back. */

/** What every contender is told to be. */
export const INSTRUCTIONS = 'You are a careful assistant. Answer in plain words, say when you are not sure, and never make up a source.';

/** What every contender asks. */
export const QUESTION = 'Please tell me in a few paragraphs how a lighthouse of the nineteenth century worked, what kept its lamp turning, and who looked after it at night.';

const SENTENCE = 'The keeper wound the clockwork every few hours, and the lens turned on its bath of mercury, slowly and without a sound. ';

/** The text of the answer that comes whole: about 1.5 kB. */
export const WHOLE_TEXT = SENTENCE.repeat(12);

const WORDS = SENTENCE.trim().split(' ');
const created = 1_790_000_000;
const usage = {
  prompt_tokens: 61, completion_tokens: 288, total_tokens: 349,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
};

/** The answer that comes whole, as the API reference of OpenAI's chat completions shows it. */
export const WHOLE_BODY = JSON.stringify({
  id: 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT', object: 'chat.completion', created, model: 'bench-whole',
  choices: [{ index: 0, message: { role: 'assistant', content: WHOLE_TEXT, refusal: null, annotations: [] }, logprobs: null, finish_reason: 'stop' }],
  usage, service_tier: 'default', system_fingerprint: 'fp_44709d6fcb',
});

function chunk(delta: object, finishReason: string | null): string {
  return event({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }], usage: null });
}

function event(fields: object): string {
  return `data: ${JSON.stringify({
    id: 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT', object: 'chat.completion.chunk', created, model: 'bench-stream',
    service_tier: 'default', system_fingerprint: 'fp_44709d6fcb', ...fields,
  })}\n\n`;
}

function word(index: number): string {
  return `${WORDS[index % WORDS.length]} `;
}

/** The text of a streamed answer of that many parts. */
export function streamedText(parts: number): string {
  return Array.from({ length: parts }, (_, index) => word(index)).join('');
}

/** The events of a streamed answer of that many parts, the role first, usage and `[DONE]` last. */
export function streamedEvents(parts: number): readonly string[] {
  return [
    chunk({ role: 'assistant', content: '', refusal: null }, null),
    ...Array.from({ length: parts }, (_, index) => chunk({ content: word(index) }, null)),
    chunk({}, 'stop'),
    event({ choices: [], usage }),
    'data: [DONE]\n\n',
  ];
}

/** How the upstream hands out a streamed answer: as fast as the socket takes it, or an event a write with a pause between. */
export type Pace = 'fast' | 'paced';

/** The model id that asks for such an answer. */
export function streamModel(parts: number, pace: Pace): string {
  return `bench-${pace}-${parts}`;
}

/** The model id that asks for the whole answer. */
export const WHOLE_MODEL = 'bench-whole';

/** What a streaming model id asks for; `undefined` for any other. */
export function parseStreamModel(model: string): { readonly parts: number; readonly pace: Pace } | undefined {
  const found = /^bench-(fast|paced)-(\d+)$/.exec(model);
  return found === null ? undefined : { pace: found[1] as Pace, parts: Number(found[2]) };
}
