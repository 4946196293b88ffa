/** Every option, in its effect on the wire. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectParts, foldParts, testCall } from '@modelport/testing';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { ask, KEYS, lastBody, start, user, type StartOptions } from './start.ts';

// Nothing of the machine the tests run on: no variables, no files, no instance.
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent/credentials');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function send(options: Record<string, unknown> = {}, startOptions: StartOptions = {}, call = testCall()) {
  const { model, upstream } = await start([{ text: 'x' }], options, startOptions);
  const { parts, error } = await collectParts(model.stream(ask, call));
  return { error, upstream, body: upstream.requests.length === 0 ? undefined : lastBody(upstream), headers: upstream.requests.at(-1)?.headers, warnings: error === undefined ? (foldParts(parts).warnings ?? []) : [] };
}

/** Profiles in a file of the test's own. */
function profiles(text: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'modelport-aws-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'config'), text);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
}

test('requests are signed with the access keys, for the region', async () => {
  const { error, upstream } = await send({ region: 'ap-southeast-2' }, { keys: KEYS });
  expect(error).toBeUndefined();
  expect(upstream.lastRegion).toBe('ap-southeast-2');
  const session = { ...KEYS, sessionToken: 'session' };
  expect((await send({}, { keys: session, secrets: session })).error).toBeUndefined();
  expect((await send({}, { keys: { ...KEYS, secretAccessKey: 'another' } })).error).toMatchObject({ code: 'AUTH_INVALID' });
});

test('a Bedrock API key goes before access keys, and bears the request', async () => {
  const { headers, error } = await send({}, { apiKey: 'bedrock-key', secrets: { ...KEYS, apiKey: 'bedrock-key' } });
  expect(error).toBeUndefined();
  expect(headers?.['authorization']).toBe('Bearer bedrock-key');
  expect((await send({}, { secrets: { apiKey: 'two\nlines' } })).error).toMatchObject({ code: 'AUTH_INVALID' });
});

test('auth says where credentials come from', async () => {
  const secrets = { ...KEYS, apiKey: 'bedrock-key' };
  expect((await send({ auth: 'keys' }, { keys: KEYS, secrets })).error).toBeUndefined();
  expect((await send({ auth: 'api-key' }, { apiKey: 'bedrock-key', secrets })).error).toBeUndefined();
  const { error, upstream } = await send({ auth: 'chain' }, { secrets });
  expect(error).toMatchObject({ code: 'AUTH_MISSING', facts: { retryable: false } });
  expect(upstream.requests).toHaveLength(0);
});

test('the key of the environment is never taken behind a secret’s back', async () => {
  vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'another account');
  expect((await send({}, { keys: KEYS })).error).toBeUndefined();
  expect((await send({ auth: 'chain' }, { secrets: {} })).error).toMatchObject({ code: 'AUTH_MISSING' });
});

test('a profile gives credentials and region, and goes before the secrets', async () => {
  profiles(`[profile work]\nregion = eu-west-3\naws_access_key_id = AKIAWORK\naws_secret_access_key = work-secret\n`);
  const { error, upstream } = await send({ profile: 'work', region: undefined }, { keys: { accessKeyId: 'AKIAWORK', secretAccessKey: 'work-secret' }, secrets: { ...KEYS, apiKey: 'k' } });
  expect(error).toBeUndefined();
  expect(upstream.lastRegion).toBe('eu-west-3');
});

test('the SDK’s own chain and AWS_REGION serve a backend that says nothing', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', KEYS.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', KEYS.secretAccessKey);
  vi.stubEnv('AWS_REGION', 'ca-central-1');
  const { error, upstream } = await send({ region: undefined }, { keys: KEYS, secrets: {} });
  expect(error).toBeUndefined();
  expect(upstream.lastRegion).toBe('ca-central-1');
});

test('no region at all is told in a sentence', async () => {
  const { error } = await send({ region: undefined });
  expect(error).toMatchObject({ code: 'REQUEST_INVALID', message: 'No AWS region is known: set the option region, AWS_REGION, or region in ~/.aws/config.' });
});

test('two backends with different keys and regions live side by side', async () => {
  const other = { accessKeyId: 'AKIAOTHER', secretAccessKey: 'other' };
  const [one, two] = await Promise.all([start([{ text: '1' }], { region: 'us-east-1' }, { keys: KEYS }), start([{ text: '2' }], { region: 'eu-west-1' }, { keys: other, secrets: other })]);
  for (let round = 0; round < 2; round += 1) {
    const [first, second] = await Promise.all([collectParts(one.model.stream(ask, testCall())), collectParts(two.model.stream(ask, testCall()))]);
    expect([first.text, second.text, first.error, second.error]).toEqual(['1', '2', undefined, undefined]);
  }
  expect([one.upstream.lastRegion, two.upstream.lastRegion]).toEqual(['us-east-1', 'eu-west-1']);
});

test('a guardrail goes with every request, its way of streaming only with a stream', async () => {
  const guardrail = { id: 'gr-1', version: '3', trace: 'enabled', stream: 'async' };
  const wire = { guardrailIdentifier: 'gr-1', guardrailVersion: '3', trace: 'enabled' };
  expect((await send({ guardrail })).body?.['guardrailConfig']).toEqual({ ...wire, streamProcessingMode: 'async' });
  const { model, upstream } = await start([{ text: 'x' }], { guardrail });
  await model.complete!(ask, testCall());
  expect(lastBody(upstream)['guardrailConfig']).toEqual(wire);
});

test('latency and serviceTier', async () => {
  expect((await send({ latency: 'optimized', serviceTier: 'flex' })).body).toMatchObject({ performanceConfig: { latency: 'optimized' }, serviceTier: { type: 'flex' } });
});

test('cache puts points after the system text and at the end, with the lifetime the model knows', async () => {
  const messages = [{ role: 'system', content: 'S' } as const, user('Hi')];
  for (const [cache, modelId, point] of [['1h', 'anthropic.claude-opus-4-6-v1', { type: 'default', ttl: '1h' }], ['5m', 'anthropic.claude-opus-4-6-v1', { type: 'default' }], ['1h', 'amazon.nova-pro-v1:0', { type: 'default' }]] as const) {
    const { model, upstream } = await start([{ text: 'x' }], { cache }, { modelId });
    await collectParts(model.stream({ messages }, testCall()));
    expect(lastBody(upstream)).toMatchObject({ system: [{ text: 'S' }, { cachePoint: point }], messages: [{ content: [{ text: 'Hi' }, { cachePoint: point }] }] });
  }
  const { body, warnings } = await send({ cache: '5m' }, { modelId: 'meta.llama3-1-70b-instruct-v1:0' });
  expect(body?.messages[0]?.content).toEqual([{ text: 'Hi' }]);
  expect(warnings).toMatchObject([{ feature: 'the option cache' }]);
});

test('metadata writes labels and session id into the invocation log, and only what the API takes', async () => {
  const call = testCall({ sessionId: 's-1', metadata: { team: 'blue', note: 'naïve' } });
  const { body, warnings } = await send({ metadata: true }, {}, call);
  expect(body?.['requestMetadata']).toEqual({ team: 'blue', sessionId: 's-1' });
  expect(warnings).toMatchObject([{ feature: 'metadata' }]);
  expect((await send({}, {}, call)).body?.['requestMetadata']).toBeUndefined();
});

test('baseModels tells what an ARN stands for', async () => {
  const modelId = 'arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/abc123';
  const request = { ...ask, reasoning: 'high' as const };
  const { model, upstream } = await start([{ text: 'x' }], { baseModels: { [modelId]: 'anthropic.claude-opus-4-6-v1' } }, { modelId });
  await collectParts(model.stream(request, testCall()));
  expect(lastBody(upstream).outputConfig).toEqual({ effort: 'high' });
  expect(upstream.requests[0]!.path).toBe(`/model/${encodeURIComponent(modelId)}/converse-stream`);
});

test('structuredOutput: native, a tool, or nothing with a warning', async () => {
  const request = { ...ask, responseFormat: { type: 'json', schema: { type: 'object', properties: { a: { type: 'string' } } } } as const };
  const sent = async (structuredOutput: string, modelId = 'anthropic.claude-opus-4-6-v1') => {
    const { model, upstream } = await start([{ text: '{}' }], { structuredOutput }, { modelId });
    const { parts } = await collectParts(model.stream(request, testCall()));
    const { outputConfig, toolConfig } = lastBody(upstream);
    return [outputConfig !== undefined, toolConfig !== undefined, foldParts(parts).warnings?.length ?? 0];
  };
  expect(await sent('auto')).toEqual([true, false, 0]);
  expect(await sent('native', 'amazon.nova-pro-v1:0')).toEqual([true, false, 0]);
  expect(await sent('tool')).toEqual([false, true, 0]);
  expect(await sent('none')).toEqual([false, false, 1]);
});

test('nonStreaming false leaves whole answers to the stream', async () => {
  expect((await start([{}], { nonStreaming: false })).model.complete).toBeUndefined();
  const { model, upstream } = await start([{ text: 'x' }]);
  await model.complete!(ask, testCall());
  expect(upstream.requests[0]!.path).toMatch(/\/converse$/);
});
