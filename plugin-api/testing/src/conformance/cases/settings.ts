/** Every setting of a request is on the wire or in a warning, never dropped in silence. */
import type { ChatRequest, Warning } from '@modelport/plugin-api';
import { type ConformanceCase, expectSame, expectThat, NotApplicable } from '../case.ts';
import { ask, type Outcome } from '../trial.ts';
import { WEATHER } from './chat.ts';

const SETTINGS: Readonly<Partial<ChatRequest>> = {
  reasoning: 'high', maxOutputTokens: 37, temperature: 0.37, topP: 0.73, topK: 37, seed: 3737, presencePenalty: 0.37, frequencyPenalty: 0.73,
  stopSequences: ['CONFORMANCE-STOP'], logitBias: { 3737: -37 }, topLogprobs: 3, user: 'conformance-user', headers: { 'x-conformance': 'yes' },
};

const SCHEMA = { type: 'object', properties: { conformanceField: { type: 'string' } }, required: ['conformanceField'], additionalProperties: false };

/** The cases. */
export const settingCases: readonly ConformanceCase[] = [
  {
    name: 'settings/wire-or-warning', title: 'every setting of a request changes what is sent, or is warned of', needs: ['chat', 'wire'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: 'Hi.' }]);
      const sendWith = async (more: Partial<ChatRequest>): Promise<{ readonly sent: string; readonly outcome: Outcome }> => {
        const outcome = await backend.answer(ask(more));
        const last = backend.wire.requests.at(-1);
        return { sent: `${last?.text}${last?.headers['x-conformance'] ?? ''}`, outcome };
      };
      const plain = await sendWith({});
      const withTool = await sendWith({ tools: [WEATHER] });
      const silent: string[] = [];
      for (const [name, value] of Object.entries(SETTINGS)) {
        const { sent, outcome } = await sendWith({ [name]: value });
        if (sent === plain.sent && !warnsOf(outcome, name)) silent.push(name);
      }
      if (trial.claims.has('tools')) {
        const { sent, outcome } = await sendWith({ tools: [WEATHER], parallelToolCalls: false });
        if (sent === withTool.sent && !warnsOf(outcome, 'parallelToolCalls')) silent.push('parallelToolCalls');
      }
      expectThat(silent.length === 0, `${silent.join(', ')}: neither on the wire nor in a warning`);
    },
  },
  {
    name: 'settings/unsupported-warned', title: 'a setting the wire cannot carry is warned of by its name', needs: ['chat'],
    run: async (trial) => {
      const unsupported = Object.entries(trial.chat().unsupported ?? {});
      if (unsupported.length === 0) throw new NotApplicable('the declaration names no unsupported setting (chat.unsupported)');
      for (const [name, value] of unsupported) {
        const outcome = await (await trial.backend([{ text: 'Hi.' }])).answer(ask({ [name]: value }));
        expectThat(warnsOf(outcome, name), `${name} was given and nothing warns of it`);
      }
    },
  },
  {
    name: 'format/json', title: 'a wish for JSON reaches the vendor', needs: ['chat', 'json', 'wire'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: '{"a":1}' }]);
      await backend.answer();
      const { result } = await backend.answer(ask({ responseFormat: { type: 'json' } }));
      const [plain, json] = backend.wire.requests.map(({ text }) => text);
      expectThat(plain !== json, 'the request for JSON is the same as without');
      expectThat(!(result.warnings ?? []).some((warning) => 'feature' in warning && warning.type === 'unsupported' && warning.feature === 'responseFormat'), 'json is claimed and warned of as unsupported');
    },
  },
  {
    name: 'format/schema', title: 'the schema of a structured answer reaches the vendor, and the answer comes as text', needs: ['chat', 'json-schema'],
    run: async (trial) => {
      const answer = '{"conformanceField":"yes"}';
      const backend = await trial.backend([{ text: answer }]);
      const { text } = await backend.answer(ask({ responseFormat: { type: 'json', schema: SCHEMA, name: 'answer' } }));
      expectSame(JSON.parse(text), JSON.parse(answer), 'the structured answer');
      if (trial.claims.has('wire')) expectThat(backend.sent.includes('conformanceField'), 'the schema is not in the request');
    },
  },
];

/** Whether a warning speaks of the setting: by its name, or for words that vendors bundle, in its text. */
function warnsOf({ result }: Outcome, name: string): boolean {
  return (result.warnings ?? []).some((warning: Warning) => ('feature' in warning ? warning.feature === name || warning.feature.startsWith(`${name}.`) : JSON.stringify(warning).includes(name)));
}
