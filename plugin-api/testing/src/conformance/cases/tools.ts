/** Tool calls arrive as the model wrote them, and their results go back. */
import type { ToolCallPart } from '@modelport/plugin-api';
import { type ConformanceCase, expectSame, expectThat } from '../case.ts';
import { ask, PROMPT, type Outcome, type Trial } from '../trial.ts';
import type { ScriptedToolCall } from '../../upstream/turn.ts';
import { WEATHER } from './chat.ts';

const request = ask({ tools: [WEATHER, { ...WEATHER, name: 'time', description: 'The time in a city.' }] });

/** Cut inside an escape, between the two halves of an escaped surrogate pair, and right before the closing quote. */
const SPLIT = ['{"city":"S\\', 'u00e', '3o \\ud83c', '\\udf0d \\', '"Paulo\\', '"', '"', '}'];

/** The cases. */
export const toolCases: readonly ConformanceCase[] = [
  {
    name: 'tools/single', title: 'a tool call arrives with its name and input', needs: ['chat', 'tools'],
    run: async (trial) => {
      const { outcome, sent } = await call(trial, [{ name: 'weather', arguments: ['{"city"', ':"Oslo"}'] }]);
      const calls = callsOf(outcome);
      expectSame(calls.map(({ toolName, input }) => [toolName, parsed(input)]), [['weather', { city: 'Oslo' }]], 'the tool call');
      expectThat(calls[0]?.toolCallId, 'the tool call has no id');
      if (sent !== undefined) expectThat(sent.includes('weather') && sent.includes('The weather in a city.'), 'the tool is not in the request');
    },
  },
  {
    name: 'tools/parallel', title: 'several tool calls of one answer stay apart, with an id each', needs: ['chat', 'tools', 'parallel-tools'],
    run: async (trial) => {
      const { outcome } = await call(trial, [{ name: 'weather', arguments: '{"city":"Oslo"}' }, { name: 'time', arguments: '{"city":"Rome"}' }, { name: 'weather', arguments: '{"city":"Lima"}' }]);
      const calls = callsOf(outcome);
      expectSame(calls.map(({ toolName, input }) => [toolName, parsed(input)]), [['weather', { city: 'Oslo' }], ['time', { city: 'Rome' }], ['weather', { city: 'Lima' }]], 'the tool calls');
      expectThat(new Set(calls.map(({ toolCallId }) => toolCallId)).size === 3, 'two of the tool calls share an id');
    },
  },
  {
    name: 'tools/empty-arguments', title: 'a call without arguments has the input {}', needs: ['chat', 'tools'],
    run: async (trial) => {
      const { outcome } = await call(trial, [{ name: 'weather', arguments: '' }]);
      expectSame(callsOf(outcome).map(({ input }) => parsed(input)), [{}], 'the input');
      const own = outcome.raw.flatMap((part) => (part.type === 'tool-call' ? [part.input] : []));
      expectThat(own.every((input) => input !== ''), 'the plugin gives an empty text as input, expected {}');
    },
  },
  {
    name: 'tools/split-arguments', title: 'arguments that arrive cut in the middle of an escape are put together', needs: ['chat', 'tools'],
    run: async (trial) => {
      const { outcome } = await call(trial, [{ name: 'weather', arguments: SPLIT }]);
      expectSame(callsOf(outcome).map(({ input }) => parsed(input)), [JSON.parse(SPLIT.join(''))], 'the input');
    },
  },
  {
    name: 'tools/malformed', title: 'arguments that are no JSON are passed on as they came', needs: ['chat', 'tools'],
    run: async (trial) => {
      const { outcome } = await call(trial, [{ name: 'weather', arguments: '{"city": "Par' }]);
      const [first] = callsOf(outcome);
      expectThat(first !== undefined, 'the call with arguments that are no JSON is gone');
      expectThat(first.input.includes('Par'), `the input is ${JSON.stringify(first.input)}, which is not what the model wrote`);
    },
  },
  {
    name: 'tools/result-goes-back', title: 'an answer with a tool call and the tool’s result are taken as history', needs: ['chat', 'tools'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: 'I look.', toolCalls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }] }, { text: 'Cold.' }]);
      const first = await backend.answer(request);
      const results = callsOf(first).map(({ toolCallId, toolName }) => ({ type: 'tool-result', toolCallId, toolName, output: { type: 'text', value: 'minus four degrees' } }) as const);
      const second = await backend.answer(ask({
        tools: [WEATHER],
        messages: [{ role: 'user', content: [{ type: 'text', text: PROMPT }] }, { role: 'assistant', content: first.result.content }, { role: 'tool', content: results }],
      }));
      expectSame(second.text, 'Cold.', 'the answer to the result');
      if (trial.claims.has('wire')) expectThat(backend.wire.requests.at(-1)?.text.includes('minus four degrees'), 'the result of the tool is not in the request');
    },
  },
  {
    name: 'tools/choice', title: 'toolChoice changes the request: required, none and a named tool', needs: ['chat', 'tools', 'tool-choice', 'wire'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: 'Hi.' }]);
      const bodyWith = async (toolChoice?: Parameters<typeof ask>[0]): Promise<string | undefined> => {
        await backend.answer(ask({ tools: [WEATHER], ...toolChoice }));
        return backend.wire.requests.at(-1)?.text;
      };
      const auto = await bodyWith();
      const choices = { required: { type: 'required' }, none: { type: 'none' }, 'a named tool': { type: 'tool', toolName: 'weather' } } as const;
      for (const [name, toolChoice] of Object.entries(choices)) expectThat((await bodyWith({ toolChoice })) !== auto, `the request with toolChoice ${name} is the same as without`);
    },
  },
];

async function call(trial: Trial, toolCalls: readonly ScriptedToolCall[]): Promise<{ readonly outcome: Outcome; readonly sent: string | undefined }> {
  const backend = await trial.backend([{ toolCalls }]);
  const outcome = await backend.answer(request);
  return { outcome, sent: trial.claims.has('wire') ? backend.sent : undefined };
}

function callsOf({ result }: Outcome): readonly ToolCallPart[] {
  return result.content.filter((part) => part.type === 'tool-call');
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return `no JSON: ${input}`;
  }
}
