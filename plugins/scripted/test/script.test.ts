import { describe, expect, test } from 'vitest';

import { script } from '../src/index.ts';
import type { Rule } from '../src/index.ts';
import { ask, failureOf, newCall, textOfAnswer, toolRound, user } from './reading.ts';

describe('bare replies', () => {
  test('answer one request each, in order', async () => {
    const model = script(['First.', [{ text: 'Second.' }]]);
    expect([await textOfAnswer(model, ask('a')), await textOfAnswer(model, ask('b'))]).toEqual(['First.', 'Second.']);
  });

  test('are used up: one request more is REQUEST_INVALID and says which', async () => {
    const model = script(['Only.']);
    await textOfAnswer(model, ask('a'));
    expect(await failureOf(textOfAnswer(model, ask('another')))).toMatchObject({
      code: 'REQUEST_INVALID',
      message: expect.stringContaining('"another" (request 2'),
    });
  });
});

test('the model shows the requests and calls it got, from the first read of their streams on', async () => {
  const model = script(['Yes.']);
  const call = newCall({ id: 'call-7' });
  const request = ask('Hello?');
  const stream = model.stream(request, call);
  expect(model.requests).toEqual([]);
  for await (const part of stream) void part;
  expect([model.requests, model.calls]).toEqual([[request], [call]]);
});

test('a function may write the replies', async () => {
  const model = script((request, call) => `${request.messages.length} message, attempt ${call.attempt}`);
  expect(await textOfAnswer(model, ask('x'), newCall({ attempt: 3 }))).toBe('1 message, attempt 3');
});

describe('a rule applies', () => {
  const other: Rule = { reply: 'no' };
  const answers = (rule: Rule, ...given: Parameters<typeof ask>) => textOfAnswer(script([rule, other]), ask(...given));
  const after = (rule: Rule, toolName: string, failed = false) => textOfAnswer(script([rule, other]), {
    messages: [user('go'), ...toolRound(toolName, {}, { type: failed ? 'error-text' : 'text', value: 'sunny' })],
  });
  type Trial = (rule: Rule) => Promise<string>;
  const condition = (title: string, rule: Rule, yes: Trial, no: Trial) => [title, () => yes(rule), () => no(rule)] as const;

  test.each([
    condition('on text in the user message, whatever its case', { match: 'weather', reply: 'yes' }, (r) => answers(r, 'The WEATHER?'), (r) => answers(r, 'The time?')),
    condition('on a regular expression', { match: { regex: '^\\d+$' }, reply: 'yes' }, (r) => answers(r, '42'), (r) => answers(r, '42!')),
    condition('with the flags of the expression', { match: { regex: 'abc', flags: 'i' }, reply: 'yes' }, (r) => answers(r, 'ABC'), (r) => answers(r, 'AB')),
    condition('on the system message', { match: { system: 'pirate' }, reply: 'yes' },
      (r) => answers(r, '', { messages: [{ role: 'system', content: 'Talk like a pirate.' }, user('x')] }), (r) => answers(r, 'pirate')),
    condition('after a tool of that name', { match: { afterTool: 'weather' }, reply: 'yes' }, (r) => after(r, 'weather'), (r) => after(r, 'clock')),
    condition('after any tool', { match: { afterTool: true }, reply: 'yes' }, (r) => after(r, 'clock'), (r) => answers(r, 'x')),
    condition('on the text of a tool result', { match: { toolResult: 'sun' }, reply: 'yes' }, (r) => after(r, 'weather'), (r) => answers(r, 'sun')),
    condition('when the tool failed', { match: { toolFailed: true }, reply: 'yes' }, (r) => after(r, 'weather', true), (r) => after(r, 'weather')),
    condition('when a tool is offered', { match: { offers: 'clock' }, reply: 'yes' },
      (r) => answers(r, 'x', { tools: [{ type: 'function', name: 'clock', inputSchema: {} }] }), (r) => answers(r, 'x')),
    condition('on the model id', { match: { model: 'big' }, reply: 'yes' },
      (r) => textOfAnswer(script([r, other], { modelId: 'big-1' }), ask('x')), (r) => textOfAnswer(script([r, other], { modelId: 'small' }), ask('x'))),
    condition('on a turn of the conversation', { match: { turn: 2 }, reply: 'yes' }, (r) => after(r, 'x'), (r) => answers(r, 'x')),
    condition('on an attempt', { match: { attempt: 2 }, reply: 'yes' },
      (r) => textOfAnswer(script([r, other]), ask('x'), newCall({ attempt: 2 })), (r) => answers(r, 'x')),
    condition('only when all its conditions hold', { match: { user: 'go', afterTool: 'weather' }, reply: 'yes' }, (r) => after(r, 'weather'), (r) => answers(r, 'go')),
    condition('with a user pattern and a reply, not to its own tool result', { match: 'go', reply: 'yes' }, (r) => answers(r, 'go'), (r) => after(r, 'x')),
  ])('%s', async (_title, yes, no) => {
    expect([await yes(), await no()]).toEqual(['yes', 'no']);
  });

  test('on the n-th request', async () => {
    const model = script([{ match: { call: 2 }, reply: 'second' }, { reply: 'other' }]);
    const texts = [];
    for (const question of ['a', 'b', 'c']) texts.push(await textOfAnswer(model, ask(question)));
    expect(texts).toEqual(['other', 'second', 'other']);
  });

  test('first come, first served', async () => {
    expect(await textOfAnswer(script([{ match: 'a', reply: 'one' }, { match: 'a', reply: 'two' }]), ask('a'))).toBe('one');
  });
});

describe('turns', () => {
  const rules: readonly Rule[] = [{ match: 'weather', turns: [[{ toolCall: { name: 'weather' } }], 'It is {{toolResult}}.'] }, { reply: 'Nothing left.' }];
  const round = toolRound('weather', {}, { type: 'text', value: 'sunny' });

  test('follow the tool results of one question', async () => {
    expect(await textOfAnswer(script(rules), { messages: [user('weather?'), ...round] })).toBe('It is sunny.');
  });

  test('begin again with the next question', async () => {
    const messages = [user('weather?'), ...round, { role: 'assistant', content: [{ type: 'text', text: 'It is sunny.' }] } as const, user('weather now?'), ...round];
    expect(await textOfAnswer(script(rules), { messages })).toBe('It is sunny.');
  });

  test('end: after the last one the rule no longer applies', async () => {
    expect(await textOfAnswer(script(rules), { messages: [user('weather?'), ...round, ...round] })).toBe('Nothing left.');
  });

  test('without a user pattern count the whole conversation', async () => {
    const model = script([{ turns: ['Hello.', 'Hello again.'] }]);
    expect(await textOfAnswer(model, { messages: [user('a'), { role: 'assistant', content: [] }, user('b')] })).toBe('Hello again.');
  });
});

test('placeholders are filled with groups, names and facts; unknown ones stay', async () => {
  const model = script([{ match: { regex: '(\\w+) in (?<place>\\w+)' }, reply: '{{1}} {{place}} {{turn}} {{modelId}} {{nothing}} <{{lastUser}}>' }], { modelId: 'm' });
  expect(await textOfAnswer(model, ask('weather in Oslo'))).toBe('weather Oslo 1 m {{nothing}} <weather in Oslo>');
});

test.each([
  ['a misspelt step', [{ reply: [{ txt: 'x' }] }], /\[0\]\.reply/],
  ['two kinds in one step', [{ reply: [{ text: 'x', reasoning: 'y' }] }], /\[0\]\.reply/],
  ['reply and turns', [{ reply: 'x', turns: ['y'] }], /give reply or turns/],
  ['neither reply nor turns', [{ match: 'x' }], /give reply or turns/],
  ['a broken regular expression', [{ match: { regex: '(' }, reply: 'x' }], /\[0\]\.match/],
  ['an unknown condition', [{ match: { usr: 'x' }, reply: 'x' }], /usr/],
])('%s is refused with its place', (_title, rules, problem) => {
  expect(() => script(rules as unknown as Rule[])).toThrow(problem);
});
