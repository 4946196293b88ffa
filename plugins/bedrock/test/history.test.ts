/** A conversation goes on, whoever made its history. */
import type { AssistantMessage, Message, ToolOutput } from '@modelport/plugin-api';
import { collectParts, foldParts, testCall } from '@modelport/testing';
import { expect, test } from 'vitest';
import { lastBody, start, user, type StartOptions } from './start.ts';

async function send(messages: readonly Message[], startOptions: StartOptions = {}, more: object = {}) {
  const { model, upstream } = await start([{ text: 'x' }], {}, startOptions);
  const { parts, error } = await collectParts(model.stream({ messages, ...more }, testCall()));
  if (error !== undefined) throw error;
  return { body: lastBody(upstream), warnings: (foldParts(parts).warnings ?? []).map((warning) => (warning as { readonly feature?: string }).feature) };
}

const assistant = (...content: AssistantMessage['content']): Message => ({ role: 'assistant', content });
const result = (toolCallId: string, output: ToolOutput): Message => (
  { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName: 'f', output }] });
const tool = { type: 'function', name: 'f', inputSchema: { type: 'object' } } as const;

test('what the model answered goes back as it came, signature and redacted reasoning too', async () => {
  const { model, upstream } = await start([{ reasoning: 'Hm.', encryptedReasoning: 'hidden', text: 'Let me look.', toolCalls: [{ id: 'tooluse_a', name: 'f', arguments: '{"a":1}' }] }, { text: 'Done.' }]);
  const first = foldParts((await collectParts(model.stream({ messages: [user('Hi')], tools: [tool] }, testCall()))).parts);
  const { error } = await collectParts(model.stream({ messages: [user('Hi'), assistant(...first.content), result('tooluse_a', { type: 'json', value: { b: 2 } }), user('And?')], tools: [tool] }, testCall()));
  expect(error).toBeUndefined();
  expect(lastBody(upstream).messages).toEqual([
    { role: 'user', content: [{ text: 'Hi' }] },
    { role: 'assistant', content: [
      { reasoningContent: { redactedContent: Buffer.from('hidden').toString('base64') } }, { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'sig_1' } } }, { text: 'Let me look.' },
      { toolUse: { toolUseId: 'tooluse_a', name: 'f', input: { a: 1 } } },
    ] },
    { role: 'user', content: [{ toolResult: { toolUseId: 'tooluse_a', content: [{ json: { b: 2 } }] } }, { text: 'And?' }] },
  ]);
});

test('reasoning of another vendor, or of another maker on Bedrock, is left out with a warning', async () => {
  const signed = { type: 'reasoning', text: 'Hm.', providerMetadata: { bedrock: { signature: 's', family: 'anthropic' } } } as const;
  const foreign = { type: 'reasoning', text: 'Hm.', providerMetadata: { anthropic: { signature: 's' } } } as const;
  const text = { type: 'text', text: 'Hi.' } as const;
  expect((await send([user('Hi'), assistant(signed, text), user('?')])).warnings).toEqual([]);
  for (const { body, warnings } of [await send([user('Hi'), assistant(foreign, text), user('?')]), await send([user('Hi'), assistant(signed, text), user('?')], { modelId: 'amazon.nova-pro-v1:0' })]) {
    expect(body.messages[1]).toEqual({ role: 'assistant', content: [{ text: 'Hi.' }] });
    expect(warnings).toEqual(['reasoning in the history']);
  }
});

test('names and ids the wire refuses are replaced the same way everywhere, and come back as they were', async () => {
  const id = `call|${'x'.repeat(80)}`;
  const name = 'mcp.files/read file';
  const { model, upstream } = await start([{ text: 'x' }]);
  const history: Message[] = [user('Hi'), assistant({ type: 'tool-call', toolCallId: id, toolName: name, input: '{}' }), { role: 'tool', content: [{ type: 'tool-result', toolCallId: id, toolName: name, output: { type: 'text', value: 'ok' } }] }];
  const request = { messages: history, tools: [{ ...tool, name }, { ...tool, name: 'mcp_files_read_file' }], toolChoice: { type: 'tool', toolName: name } as const };
  await collectParts(model.stream(request, testCall()));
  const { messages, toolConfig } = lastBody(upstream);
  const [{ toolUse }] = messages[1]!.content as [{ toolUse: { name: string; toolUseId: string } }];
  const [{ toolResult }] = messages[2]!.content as [{ toolResult: { toolUseId: string } }];
  expect(toolUse.name).toMatch(/^mcp_files_read_file_[0-9a-z]{1,12}$/);
  expect(toolUse.toolUseId).toMatch(/^[a-zA-Z0-9_.:-]{1,64}$/);
  expect(toolResult.toolUseId).toBe(toolUse.toolUseId);
  expect(toolConfig?.tools.map(({ toolSpec }) => toolSpec!['name'])).toEqual([toolUse.name, 'mcp_files_read_file']);
  expect(toolConfig?.toolChoice).toEqual({ tool: { name: toolUse.name } });
  upstream.script({ toolCalls: [{ name: toolUse.name, arguments: '{}' }] });
  const { parts } = await collectParts(model.stream(request, testCall()));
  expect(foldParts(parts).content).toMatchObject([{ type: 'tool-call', toolName: name }]);
});

test('a history with tool calls and no tools gets a stub, with a warning', async () => {
  const history = [user('Hi'), assistant({ type: 'tool-call', toolCallId: 'a', toolName: 'f', input: '{}' }), result('a', { type: 'text', value: 'ok' })];
  for (const { body, warnings } of [await send(history), await send(history, {}, { tools: [tool], toolChoice: { type: 'none' } })]) {
    expect(body.toolConfig?.tools).toMatchObject([{ toolSpec: { name: 'no_tool_available' } }]);
    expect(warnings).toEqual(['tools']);
  }
});

test('results of one turn stand in one user message, before what the user says', async () => {
  const { body } = await send([
    user('Hi'), assistant({ type: 'tool-call', toolCallId: 'a', toolName: 'f', input: '{}' }, { type: 'tool-call', toolCallId: 'b', toolName: 'f', input: '[1]' }, { type: 'text', text: 'I look.' }),
    result('b', { type: 'error-text', value: 'no' }), result('a', { type: 'text', value: '' }), user('Well?'),
  ], {}, { tools: [tool] });
  expect(body.messages.slice(1)).toEqual([
    { role: 'assistant', content: [{ text: 'I look.' }, { toolUse: { toolUseId: 'a', name: 'f', input: {} } }, { toolUse: { toolUseId: 'b', name: 'f', input: { input: [1] } } }] },
    { role: 'user', content: [
      { toolResult: { toolUseId: 'b', content: [{ text: 'no' }], status: 'error' } }, { toolResult: { toolUseId: 'a', content: [{ text: '(no output)' }] } }, { text: 'Well?' },
    ] },
  ]);
});

test.each([
  [{ type: 'json', value: [1, 2] } as const, [{ text: '[1,2]' }]], [{ type: 'execution-denied', reason: 'no' } as const, [{ text: 'The tool was not allowed to run: no' }]],
  [{ type: 'content', value: [{ type: 'text', text: 'a' }, { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AQID' } }] } as const, [{ text: 'a' }, { image: { format: 'png', source: { bytes: 'AQID' } } }]],
  [{ type: 'content', value: [] } as const, [{ text: '(no output)' }]],
])('a result %o is on the wire', async (output, content) => {
  const { body } = await send([user('Hi'), assistant({ type: 'tool-call', toolCallId: 'a', toolName: 'f', input: '{}' }), result('a', output)], { modelId: 'meta.llama3-1-70b-instruct-v1:0' }, { tools: [tool] });
  expect(body.messages[2]!.content).toEqual([{ toolResult: { toolUseId: 'a', content } }]);
});

test('tools another vendor ran become text, those Amazon ran go back as they came', async () => {
  const foreign = await send([user('Hi'), assistant(
    { type: 'tool-call', toolCallId: 's', toolName: 'search', input: '{"q":1}', providerExecuted: true },
    { type: 'tool-result', toolCallId: 's', toolName: 'search', output: { type: 'text', value: 'found' }, providerExecuted: true },
  ), user('?')]);
  expect(foreign.body.messages[1]!.content).toEqual([{ text: '[search was run with {"q":1}]' }, { text: '[search answered: found]' }]);
  const { model, upstream } = await start([{ content: [
    { toolUse: { toolUseId: 's', name: 'nova_grounding', type: 'server_tool_use', input: { q: 1 } } }, { toolResult: { toolUseId: 's', type: 'nova_grounding_result', status: 'success', content: [{ json: { hits: 1 } }] } }, { text: 'Yes.' },
  ] }], {}, { modelId: 'us.amazon.nova-2-lite-v1:0' });
  const search = { type: 'provider', id: 'bedrock.nova_grounding', name: 'search', args: {} } as const;
  const { content } = foldParts((await collectParts(model.stream({ messages: [user('Hi')], tools: [search] }, testCall()))).parts);
  expect(content[0]).toMatchObject({ toolName: 'search', providerExecuted: true });
  await collectParts(model.stream({ messages: [user('Hi'), assistant(...content), user('?')], tools: [search] }, testCall()));
  expect(lastBody(upstream).messages[1]!.content).toEqual([
    { toolUse: { toolUseId: 's', name: 'nova_grounding', type: 'server_tool_use', input: { q: 1 } } }, { toolResult: { toolUseId: 's', type: 'nova_grounding_result', status: 'success', content: [{ json: { hits: 1 } }] } }, { text: 'Yes.' },
  ]);
});

test('blank text is left out, system text in the middle goes to the front, and white space at the end is cut', async () => {
  const { body, warnings } = await send([user(' '), user('Hi'), assistant({ type: 'text', text: '' }, { type: 'text', text: 'So \n' }), { role: 'system', content: 'Late.' }]);
  expect(body).toMatchObject({ system: [{ text: 'Late.' }], messages: [{ role: 'user', content: [{ text: 'Hi' }] }, { role: 'assistant', content: [{ text: 'So' }] }] });
  expect(new Set(warnings)).toEqual(new Set(['a system message in the conversation', 'an assistant message at the end']));
});
