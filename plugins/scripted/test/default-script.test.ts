import type { ChatModel, FunctionTool } from '@modelport/plugin-api';
import { describe, expect, test } from 'vitest';

import { scriptedChatModel } from '../src/chat-model.ts';
import { defaultAuthor, INTRODUCTION } from '../src/default-script.ts';
import { ask, joined, ofType, partsOfAnswer, textOfAnswer, toolRound, user } from './reading.ts';

const model: ChatModel = scriptedChatModel({ author: defaultAuthor, modelId: 'demo', pace: { chunkWords: 1, chunkDelayMs: 0 } });

const calculator: FunctionTool = {
  type: 'function',
  name: 'calculate',
  inputSchema: { type: 'object', properties: { expression: { type: 'string' } }, required: ['expression'] },
};

async function toolInputs(...given: Parameters<typeof ask>): Promise<unknown[]> {
  return ofType(await partsOfAnswer(model, ask(...given)), 'tool-call').map((call) => [call.toolName, JSON.parse(call.input)]);
}

describe('arithmetic', () => {
  test.each([['What is 6 * 7?', '6 * 7'], ['How much is 19 minus (4 + 2.5)?', '19 - (4 + 2.5)']])('%s goes to the calculator', async (question, expression) => {
    expect(await toolInputs(question, { tools: [calculator] })).toEqual([['calculate', { expression }]]);
  });

  test('goes to whatever the calculator is called, not to a tool that takes no expression', async () => {
    const tools = [{ ...calculator, name: 'calculate_tax', inputSchema: { type: 'object', properties: { income: {} } } }, { ...calculator, name: 'my_Calculator' }];
    expect(await toolInputs('1 + 1', { tools })).toEqual([['my_Calculator', { expression: '1 + 1' }]]);
  });

  test('two expressions are parallel calls, or one at a time where the request says so', async () => {
    const question = 'What is 1 + 1 and what is 2 * 2?';
    expect(await toolInputs(question, { tools: [calculator] })).toHaveLength(2);
    expect(await toolInputs(question, { tools: [calculator], parallelToolCalls: false })).toEqual([['calculate', { expression: '1 + 1' }]]);
    const messages = [user(question), ...toolRound('calculate', { expression: '1 + 1' }, { type: 'text', value: '2' })];
    expect(await toolInputs(question, { tools: [calculator], parallelToolCalls: false, messages })).toEqual([['calculate', { expression: '2 * 2' }]]);
  });

  test.each([
    [{ type: 'text', value: '42' }, '6 * 7 is 42.'],
    [{ type: 'json', value: 42 }, '6 * 7 is 42.'],
    [{ type: 'json', value: { result: 42 } }, '6 * 7 is 42.'],
    [{ type: 'error-text', value: 'the battery is empty.' }, 'The calculator could not compute 6 * 7: the battery is empty.'],
    [{ type: 'execution-denied' }, 'The calculator could not compute 6 * 7: it was not allowed to run.'],
  ] as const)('the result %j is told in a sentence', async (output, text) => {
    const messages = [user('What is 6 * 7?'), ...toolRound('calculate', { expression: '6 * 7' }, output)];
    expect(await textOfAnswer(model, { messages, tools: [calculator] })).toBe(text);
  });

  test('results of an earlier question do not answer this one', async () => {
    const messages = [user('6 * 7?'), ...toolRound('calculate', { expression: '6 * 7' }, { type: 'text', value: '42' }), user('And 6 * 8?')];
    expect(await toolInputs('', { messages, tools: [calculator] })).toEqual([['calculate', { expression: '6 * 8' }]]);
  });

  test.each([
    ['no tool is offered', {}],
    ['tools are forbidden', { tools: [calculator], toolChoice: { type: 'none' } }],
    ['another tool is demanded', { tools: [calculator, { ...calculator, name: 'clock' }], toolChoice: { type: 'tool', toolName: 'clock' } }],
  ] as const)('it says that it cannot compute when %s', async (_title, more) => {
    expect(await textOfAnswer(model, ask('What is 6 * 7?', more))).toMatch(/^I cannot compute 6 \* 7: .*no calculator tool/);
  });
});

test('anything else is told what the model is, that it needs no key, and how to configure a real one', async () => {
  const text = await textOfAnswer(model, ask('Tell me a joke', { tools: [calculator] }));
  expect(text).toBe(INTRODUCTION);
  expect(text).toMatch(/no language model.*no key.*`backends:`.*`models:`/);
});

test('a demanded tool call it cannot make is a warning', async () => {
  const parts = await partsOfAnswer(model, ask('Hello', { tools: [calculator], toolChoice: { type: 'required' } }));
  expect(ofType(parts, 'warning')).toEqual([{ type: 'warning', warning: expect.objectContaining({ feature: 'toolChoice' }) }]);
});

describe('JSON', () => {
  test('with a schema is the smallest value that fits', async () => {
    const schema = { type: 'object', properties: { city: { type: 'string' }, population: { type: 'integer', minimum: 1 } }, required: ['city', 'population'] };
    const parts = await partsOfAnswer(model, ask('Which city?', { responseFormat: { type: 'json', schema } }));
    expect(JSON.parse(joined(parts))).toEqual({ city: '', population: 1 });
  });

  test('without a schema is an object all the same', async () => {
    expect(JSON.parse(await textOfAnswer(model, ask('Hello', { responseFormat: { type: 'json' } })))).toEqual({ answer: INTRODUCTION });
  });
});
