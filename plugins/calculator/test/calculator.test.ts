import { readFile } from 'node:fs/promises';

import { CallError } from '@modelport/plugin-api';
import type { PluginContext, ToolCallContext, ToolSource } from '@modelport/plugin-api';
import { expect, test } from 'vitest';

import calculator from '../src/index.ts';

function toolCall(signal: AbortSignal = new AbortController().signal): ToolCallContext {
  return {
    id: 'call-1',
    signal,
    attempt: 1,
    idempotencyKey: 'task:call-1',
    progress: () => undefined,
    requestInput: () => Promise.reject(new Error('the calculator asks nothing')),
  };
}

async function tools(): Promise<ToolSource> {
  // The plugin reads nothing of its context, so an empty one proves that.
  const provider = await calculator.start({} as PluginContext);
  if (provider.tools === undefined) throw new Error('the calculator offers no tools');
  return provider.tools;
}

async function calculate(input: unknown): Promise<unknown> {
  return (await tools()).execute({ toolName: 'calculate', toolCallId: 'a', input }, toolCall());
}

test('one tool is offered, with a closed schema and no effects', async () => {
  const offered = [];
  for await (const tool of (await tools()).list(toolCall())) offered.push(tool);
  expect(offered).toEqual([expect.objectContaining({
    name: 'calculate',
    effects: 'none',
    inputSchema: expect.objectContaining({ required: ['expression'], additionalProperties: false }),
  })]);
});

test('a tool call answers with the number as text', async () => {
  expect(await calculate({ expression: '(0.1 + 0.2) * 10' })).toEqual({ type: 'text', value: '3' });
});

test('a wrong expression is told to the model, not thrown', async () => {
  expect(await calculate({ expression: '7 / 0' })).toEqual({ type: 'error-text', value: 'division by zero: 7 / 0' });
});

test.each([[undefined], [null], ['6 * 7'], [{}], [{ expression: 6 }]])('input %j is told to the model as wrong', async (input) => {
  expect(await calculate(input)).toEqual({ type: 'error-text', value: expect.stringContaining('{"expression": "6 * 7"}') });
});

test('another tool name is REQUEST_INVALID', async () => {
  const failure: unknown = await (await tools()).execute({ toolName: 'divide', toolCallId: 'a', input: {} }, toolCall()).catch((error: unknown) => error);
  expect(CallError.is(failure) && failure.code).toBe('REQUEST_INVALID');
});

test('an aborted call rejects with the reason of its signal', async () => {
  const reason = new Error('enough');
  const source = await tools();
  await expect(source.execute({ toolName: 'calculate', toolCallId: 'a', input: { expression: '1 + 1' } }, toolCall(AbortSignal.abort(reason))))
    .rejects.toBe(reason);
});

test('the manifest names what the provider has', async () => {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { modelport: { provides: string[] } };
  expect(manifest.modelport.provides).toEqual(Object.keys(await calculator.start({} as PluginContext)));
});
