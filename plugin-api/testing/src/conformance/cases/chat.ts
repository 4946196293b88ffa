/** An answer arrives whole, in the order the contract says, whichever way it is asked for. */
import { checkedResult, checkGrammar } from '@modelport/host/conformance';
import type { ChatPart, ChatResult } from '@modelport/plugin-api';
import { testCall } from '../../fake-context.ts';
import { type ConformanceCase, expectSame, expectThat, NotApplicable } from '../case.ts';
import { ask, PROMPT } from '../trial.ts';

const TEXT = ['Grüße ', 'aus 東京', ' 🌍, "quoted"\n', 'and done.'];

/** The cases. */
export const chatCases: readonly ConformanceCase[] = [
  {
    name: 'chat/answer', title: 'the text of the vendor arrives whole, and one request carried the prompt', needs: ['chat'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: TEXT }]);
      const { text } = await backend.answer();
      expectSame(text, TEXT.join(''), 'the text');
      if (!trial.claims.has('wire')) return;
      expectThat(backend.wire.requests.length === 1, `${backend.wire.requests.length} requests were sent for one call`);
      expectThat(backend.sent.includes(PROMPT), 'the prompt is not in the request');
    },
  },
  {
    name: 'chat/grammar', title: 'the parts keep the order of the contract: one finish, last, and blocks that open before they grow', needs: ['chat'],
    run: async (trial) => {
      const tools = trial.claims.has('tools') ? { toolCalls: [{ name: 'weather', arguments: ['{"city"', ':"Oslo"}'] }] } : {};
      const reasoning = trial.claims.has('reasoning') ? { reasoning: ['First', ' think.'] } : {};
      const backend = await trial.backend([{ text: TEXT, ...tools, ...reasoning }]);
      const { raw, parts } = await backend.answer(trial.claims.has('tools') ? ask({ tools: [WEATHER] }) : ask());
      const faults = [...ownFaults(raw), ...checkGrammar(parts).map(({ index, message }) => `part ${index}: ${message}`)];
      expectThat(faults.length === 0, faults.join(' '));
    },
  },
  {
    name: 'chat/fold-equals-complete', title: 'complete() gives what folding the stream gives', needs: ['chat'],
    run: async (trial) => {
      const turn = { text: TEXT, usage: { input: 31, output: 17 }, ...(trial.claims.has('tools') ? { toolCalls: [{ id: 'call_a', name: 'weather', arguments: '{"city":"Oslo"}' }] } : {}) };
      const request = trial.claims.has('tools') ? ask({ tools: [WEATHER] }) : ask();
      const [streaming, whole] = [await trial.backend([turn]), await trial.backend([turn])];
      const model = whole.model();
      if (model.complete === undefined) throw new NotApplicable('the model has no complete(): the host folds its stream');
      const completed = checkedResult(await whole.run(async () => model.complete?.(request, testCall())));
      const { result } = await streaming.answer(request);
      expectSame(comparable(completed), comparable(result), 'what complete() gives, beside the folded stream,');
    },
  },
  {
    name: 'chat/lazy', title: 'nothing is sent before the first next()', needs: ['chat', 'wire'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: TEXT }]);
      const stream = backend.run(() => backend.model().stream(ask(), testCall()));
      const iterator = backend.run(() => stream[Symbol.asyncIterator]());
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
      expectThat(backend.record.requests === 0, 'a request was sent though nobody reads the stream');
      await iterator.return?.();
    },
  },
  {
    name: 'chat/raw-parts', title: 'raw parts come only when the call asks for them, and then for the events of the wire', needs: ['chat', 'wire'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: TEXT }]);
      const quiet = await backend.answer();
      expectThat(!quiet.raw.some(({ type }) => type === 'raw'), 'raw parts came though the call did not ask for them');
      const asked = await backend.answer(ask(), { includeRaw: true });
      expectThat(asked.raw.some(({ type }) => type === 'raw'), 'no raw part came though the call asked for them');
    },
  },
  {
    name: 'chat/request-kept', title: 'the request is left as it was given', needs: ['chat'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: TEXT }]);
      const request = { messages: [{ role: 'user', content: [{ type: 'text', text: PROMPT }] }], stopSequences: ['END'] } as const;
      const before = JSON.stringify(request);
      // Not frozen, so that a write is seen and not only refused.
      for await (const _ of backend.run(() => backend.model().stream(request, testCall()))) void _;
      expectSame(JSON.stringify(request), before, 'the request after the call');
    },
  },
  {
    name: 'reasoning/channel', title: 'reasoning arrives on its own channel and never in the text', needs: ['chat', 'reasoning'],
    run: async (trial) => {
      const backend = await trial.backend([{ reasoning: ['Let me ', 'think.'], text: 'Done.' }]);
      const { text, result } = await backend.answer(ask({ reasoning: 'high' }));
      expectSame(text, 'Done.', 'the text');
      const reasoning = result.content.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
      expectSame(reasoning, 'Let me think.', 'the reasoning');
    },
  },
];

/** A tool for the cases that need one. */
export const WEATHER = {
  type: 'function', name: 'weather', description: 'The weather in a city.',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, additionalProperties: false },
} as const;

/** Breaks of the contract that the host would mend in silence. */
function ownFaults(raw: readonly ChatPart[]): string[] {
  const faults: string[] = [];
  const finishes = raw.filter(({ type }) => type === 'finish').length;
  if (finishes !== 1) faults.push(`The plugin sent ${finishes} finish parts.`);
  const finish = raw.findIndex(({ type }) => type === 'finish');
  const late = raw.slice(finish + 1).find(({ type }) => type !== 'raw' && type !== 'ping');
  if (late !== undefined) faults.push(`The plugin sent ${late.type} after finish.`);
  const starts = raw.flatMap(({ type }, index) => (type === 'stream-start' ? [index] : []));
  if (starts.some((index) => index > 0)) faults.push('The plugin sent stream-start, but not as the first part.');
  for (const part of raw) {
    if ('delta' in part && typeof part.delta !== 'string') faults.push(`The delta of a ${part.type} is no string.`);
    if ((part.type as string) === 'error') faults.push('The plugin sent a part of type error: failures are thrown.');
    if (part.type === 'tool-call' && typeof part.input !== 'string') faults.push('The input of a tool-call is no text.');
  }
  return faults;
}

/** What of two answers must agree: how they were asked for may show in the vendor's own usage object and ids. */
function comparable({ content, finishReason, usage, warnings }: ChatResult): object {
  const { raw: _, ...counts } = usage;
  return {
    content: content.map((part) => (part.type === 'text' ? { type: part.type, text: part.text } : part.type === 'tool-call' ? { type: part.type, toolName: part.toolName, input: part.input } : { type: part.type })),
    finishReason, usage: { input: counts.inputTokens.total, output: counts.outputTokens.total }, warnings: warnings ?? [],
  };
}
