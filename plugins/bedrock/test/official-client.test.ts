/** The AWS SDK by itself reads what the scripted upstream sends: the wire is Bedrock's, not this project's idea of it. */
import { BedrockClient, GetFoundationModelCommand, ListFoundationModelsCommand, paginateListInferenceProfiles } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, InvokeModelCommand, type ContentBlock, type ConverseStreamOutput, type Message } from '@aws-sdk/client-bedrock-runtime';
import { createBedrockUpstream, testCall, type BedrockTurn, type BedrockUpstream, type BedrockUpstreamOptions } from '@modelport/testing';
import { expect, onTestFinished, test } from 'vitest';
import { KEYS, start, user } from './start.ts';

async function connect(turns: readonly BedrockTurn[], options: BedrockUpstreamOptions = {}): Promise<{ client: BedrockRuntimeClient; upstream: BedrockUpstream }> {
  const upstream = await createBedrockUpstream({ turns, keys: KEYS, ...options });
  const client = new BedrockRuntimeClient({ endpoint: upstream.baseUrl, region: 'us-east-1', credentials: KEYS, authSchemePreference: ['sigv4'], maxAttempts: 1, requestHandler: await plainHandler() });
  onTestFinished(async () => {
    client.destroy();
    await upstream.close();
  });
  return { upstream, client };
}

/** The SDK speaks HTTP/2 to Bedrock by itself; a bare socket answers HTTP/1.1. */
async function plainHandler() {
  const { NodeHttpHandler } = await import('@smithy/node-http-handler');
  return new NodeHttpHandler();
}

const modelId = 'anthropic.claude-opus-4-6-v1:0';
const messages: Message[] = [{ role: 'user', content: [{ text: 'Hi' }] }];
const turn: BedrockTurn = {
  reasoning: ['Let me ', 'think.'], signature: 'EqQB', text: ['Hel', 'lo'], toolCalls: [{ id: 'tooluse_1', name: 'weather', arguments: ['{"city":', '"Oslo"}'] }, { id: 'tooluse_2', name: 'now' }],
  usage: { input: 9, output: 4, cached: 2 }, cacheWritten: 3,
};

async function eventsOf(client: BedrockRuntimeClient): Promise<ConverseStreamOutput[]> {
  const { stream } = await client.send(new ConverseStreamCommand({ modelId, messages }));
  const events: ConverseStreamOutput[] = [];
  for await (const event of stream!) events.push(event);
  return events;
}

test('a whole answer is what the SDK expects', async () => {
  const { client } = await connect([turn]);
  const { output, stopReason, usage } = await client.send(new ConverseCommand({ modelId, messages }));
  expect(output?.message?.content).toEqual([
    { reasoningContent: { reasoningText: { text: 'Let me think.', signature: 'EqQB' } } }, { text: 'Hello' },
    { toolUse: { toolUseId: 'tooluse_1', name: 'weather', input: { city: 'Oslo' } } }, { toolUse: { toolUseId: 'tooluse_2', name: 'now', input: {} } },
  ]);
  expect({ stopReason, usage }).toEqual({ stopReason: 'tool_use', usage: { inputTokens: 7, outputTokens: 4, totalTokens: 16, cacheReadInputTokens: 2, cacheWriteInputTokens: 3 } });
});

test('a streamed answer is read by the SDK to the end, and its frames pass the SDK’s checksums', async () => {
  const { client } = await connect([turn]);
  const events = await eventsOf(client);
  expect(events.flatMap((event) => Object.keys(event).filter((key) => event[key as keyof ConverseStreamOutput] !== undefined))).toEqual([
    'messageStart', 'contentBlockDelta', 'contentBlockDelta', 'contentBlockDelta', 'contentBlockStop', 'contentBlockDelta', 'contentBlockDelta', 'contentBlockStop',
    'contentBlockStart', 'contentBlockDelta', 'contentBlockDelta', 'contentBlockStop', 'contentBlockStart', 'contentBlockStop', 'messageStop', 'metadata',
  ]);
  expect(events.at(-1)?.metadata?.usage).toMatchObject({ inputTokens: 7, cacheWriteInputTokens: 3 });
});

test('the SDK and the plugin read the same answer', async () => {
  const { client } = await connect([turn]);
  const events = await eventsOf(client);
  const { model } = await start([turn]);
  const { content } = await model.complete!({ messages: [user('Hi')] }, testCall());
  expect(content.map((part) => (part.type === 'text' ? part.text : '')).join('')).toBe(events.map((event) => event.contentBlockDelta?.delta?.text ?? '').join(''));
  expect(content.map((part) => (part.type === 'reasoning' ? part.text : '')).join('')).toBe(events.map((event) => event.contentBlockDelta?.delta?.reasoningContent?.text ?? '').join(''));
});

test('an exception inside a stream is the SDK’s own', async () => {
  const { client } = await connect([{ text: 'x', faults: [{ type: 'error-event', before: 2, error: { throttlingException: { message: 'slow down' } } }] }]);
  await expect(eventsOf(client)).rejects.toMatchObject({ name: 'ThrottlingException', message: 'slow down' });
});

test('an error has the name, status and request id the SDK looks for', async () => {
  const { client } = await connect([{ error: { status: 429, message: 'Too many tokens' } }]);
  await expect(client.send(new ConverseCommand({ modelId, messages }))).rejects.toMatchObject({
    name: 'ThrottlingException', message: 'Too many tokens', $metadata: { httpStatusCode: 429, requestId: '00000000-0000-4000-8000-000000000001' },
  });
});

test('a wrong signature is refused, as the service does', async () => {
  const { client } = await connect([{ text: 'x' }], { keys: { ...KEYS, secretAccessKey: 'another' } });
  await expect(client.send(new ConverseCommand({ modelId, messages }))).rejects.toMatchObject({ name: 'InvalidSignatureException' });
});

test('tool calls without tools, roles that repeat and blank text are refused, as the service does', async () => {
  const { client } = await connect([{ text: 'x' }]);
  const converse = (...rest: Message[]) => client.send(new ConverseCommand({ modelId, messages: [...messages, ...rest] }));
  const call: ContentBlock = { toolUse: { toolUseId: 't', name: 'f', input: {} } };
  await expect(converse({ role: 'assistant', content: [call] }, { role: 'user', content: [{ toolResult: { toolUseId: 't', content: [{ text: 'x' }] } }] })).rejects.toThrow(/toolConfig field must be defined/);
  await expect(converse(...messages)).rejects.toThrow(/must alternate/);
  await expect(converse({ role: 'assistant', content: [{ text: ' ' }] })).rejects.toThrow(/is blank/);
});

test('embeddings, models and inference profiles', async () => {
  const upstream = await createBedrockUpstream({ models: [{ modelId: 'amazon.nova-pro-v1:0' }], profiles: ['a', 'b', 'c'].map((inferenceProfileId) => ({ inferenceProfileId })), pageSize: 2 });
  const settings = { endpoint: upstream.baseUrl, region: 'us-east-1', credentials: KEYS, authSchemePreference: ['sigv4'], maxAttempts: 1, requestHandler: await plainHandler() };
  const control = new BedrockClient(settings);
  const runtime = new BedrockRuntimeClient(settings);
  onTestFinished(async () => {
    control.destroy();
    runtime.destroy();
    await upstream.close();
  });
  expect((await control.send(new ListFoundationModelsCommand({}))).modelSummaries?.map((model) => model.modelId)).toEqual(['amazon.nova-pro-v1:0']);
  expect((await control.send(new GetFoundationModelCommand({ modelIdentifier: 'amazon.nova-pro-v1:0' }))).modelDetails?.providerName).toBe('Scripted');
  const profiles: (string | undefined)[] = [];
  for await (const page of paginateListInferenceProfiles({ client: control }, {})) profiles.push(...(page.inferenceProfileSummaries ?? []).map((profile) => profile.inferenceProfileId));
  expect(profiles).toEqual(['a', 'b', 'c']);
  const { body } = await runtime.send(new InvokeModelCommand({ modelId: 'amazon.titan-embed-text-v2:0', body: JSON.stringify({ inputText: 'Hello' }) }));
  expect(JSON.parse(body.transformToString())).toEqual({ embedding: [5, 0.5, 0.5], inputTextTokenCount: 1 });
});
