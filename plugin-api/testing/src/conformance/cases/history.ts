/** History made by another vendor is valid input: a conversation goes on after a swap. */
import { CallError, type Message } from '@modelport/plugin-api';
import { type ConformanceCase, expectSame, expectThat } from '../case.ts';
import { ask, describeError, PROMPT, type Trial } from '../trial.ts';
import { foreignTranscripts, type Transcript } from '../transcripts.ts';
import { ended } from './abort.ts';

/** The cases. */
export const historyCases: readonly ConformanceCase[] = [
  {
    name: 'history/of-others', title: 'the transcript of every other plugin is taken, what its vendor alone understands left out with a warning', needs: ['chat', 'tools'],
    run: async (trial) => {
      const own = dialectOf(trial);
      const faults: string[] = [];
      for (const transcript of [...foreignTranscripts, ...(trial.subject.transcripts ?? [])]) {
        if (transcript.dialect !== own) faults.push(...(await faultsWith(trial, transcript)));
      }
      expectThat(faults.length === 0, faults.join('; '));
    },
  },
  {
    name: 'history/provider-executed', title: 'what another vendor’s own tool found goes on as text', needs: ['chat', 'wire'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: 'Noted.' }]);
      const messages: readonly Message[] = [
        { role: 'user', content: [{ type: 'text', text: PROMPT }] },
        {
          role: 'assistant', content: [
            { type: 'tool-call', toolCallId: 'srv_1', toolName: 'acme_search', input: '{"query":"Oslo"}', providerExecuted: true },
            { type: 'tool-result', toolCallId: 'srv_1', toolName: 'acme_search', output: { type: 'text', value: 'conformance-finding' }, providerExecuted: true },
            { type: 'text', text: 'There.' },
          ],
        },
        { role: 'user', content: [{ type: 'text', text: 'Thank you.' }] },
      ];
      await backend.answer(ask({ messages }));
      expectThat(backend.sent.includes('conformance-finding'), 'what the other vendor’s tool found is not in the request');
    },
  },
  {
    name: 'history/file-reference', title: 'a file uploaded to another vendor is REQUEST_INVALID', needs: ['chat', 'wire'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: 'Seen.' }]);
      const messages: readonly Message[] = [{ role: 'user', content: [{ type: 'text', text: PROMPT }, { type: 'file', mediaType: 'image/png', data: { type: 'reference', reference: { acme: 'file_1' } } }] }];
      const { error } = await ended(backend.ask(ask({ messages })));
      expectThat(CallError.is(error) && error.code === 'REQUEST_INVALID', `it ${error === undefined ? 'was taken' : `threw ${describeError(error)}`}, expected REQUEST_INVALID`);
    },
  },
  {
    name: 'history/own', title: 'the plugin’s own answer, reasoning and all, goes back without a warning', needs: ['chat', 'reasoning'],
    run: async (trial) => {
      const backend = await trial.backend([{ reasoning: 'own-thought', text: 'First.' }, { text: 'Second.' }]);
      const first = await backend.answer(ask({ reasoning: 'high' }));
      const second = await backend.answer(ask({
        reasoning: 'high',
        messages: [{ role: 'user', content: [{ type: 'text', text: PROMPT }] }, { role: 'assistant', content: first.result.content }, { role: 'user', content: [{ type: 'text', text: 'And?' }] }],
      }));
      expectSame(second.text, 'Second.', 'the second answer');
      const lost = (second.result.warnings ?? []).filter((warning) => !(first.result.warnings ?? []).some((before) => JSON.stringify(before) === JSON.stringify(warning)));
      expectSame(lost, [], 'what warns of the plugin’s own history');
    },
  },
];

/** Records a conversation of the plugin, for the others. */
export async function recordTranscript(trial: Trial): Promise<Transcript> {
  const tools = [{ type: 'function', name: 'weather', description: 'The weather in a city.', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } }] as const;
  const reasoning = trial.claims.has('reasoning') ? { reasoning: 'recorded-thought' } : {};
  const backend = await trial.backend([{ ...reasoning, text: 'recorded-answer: I look.', toolCalls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }] }]);
  const question = [{ type: 'text', text: 'recorded-question: is it cold?' }] as const;
  const { result } = await backend.answer(ask({ tools, messages: [{ role: 'user', content: question }] }));
  const results = result.content.flatMap((part) => (part.type === 'tool-call' ? [{ type: 'tool-result', toolCallId: part.toolCallId, toolName: part.toolName, output: { type: 'text', value: 'recorded-result' } } as const] : []));
  return {
    dialect: dialectOf(trial), from: trial.opened.found.name, tools, kept: ['recorded-question', 'recorded-answer', 'recorded-result'], dropped: ['recorded-thought'],
    messages: [{ role: 'user', content: question }, { role: 'assistant', content: result.content }, { role: 'tool', content: results }],
  };
}

async function faultsWith(trial: Trial, { from, messages, tools, kept, dropped }: Transcript): Promise<string[]> {
  const backend = await trial.backend([{ text: 'I go on.' }]);
  const { error, text, result } = await ended(backend.ask(ask({ messages, tools })));
  if (error !== undefined) return [`the transcript of ${from} became ${describeError(error)}`];
  const faults = text === 'I go on.' ? [] : [`after the transcript of ${from} the answer was ${JSON.stringify(text)}`];
  if (!trial.claims.has('wire')) return faults;
  const sent = backend.wire.requests.at(-1)?.text ?? '';
  for (const word of kept) if (!sent.includes(word)) faults.push(`of the transcript of ${from}, "${word}" did not reach the vendor`);
  for (const word of dropped) if (sent.includes(word)) faults.push(`of the transcript of ${from}, "${word}" reached the vendor, which it does not concern`);
  const hasReasoning = messages.some((message) => message.role === 'assistant' && message.content.some(({ type }) => type === 'reasoning'));
  if (hasReasoning && !/reasoning|thinking/i.test(JSON.stringify(result.warnings ?? []))) faults.push(`nothing warns that the reasoning in the transcript of ${from} was left out`);
  return faults;
}

function dialectOf(trial: Trial): string {
  return trial.opened.manifest.dialect ?? trial.opened.manifest.id;
}
