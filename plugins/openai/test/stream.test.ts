/** What a streamed answer becomes, on both APIs. */
import { partsOf } from '@modelport/plugin-api/kit';
import { collectParts, foldParts, testCall } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import { ask, lastBody, start } from './start.ts';

describe.each(['chat', 'responses'] as const)('%s', (api) => {
  test('text, reasoning, tool calls, citations and usage arrive as parts', async () => {
    const { model, upstream } = await start([{
      text: ['Hel', 'lo ', '🌍'], reasoning: ['Let me ', 'think.'], encryptedReasoning: 'gAAA', usage: { input: 20, output: 9, cached: 12, reasoning: 4 },
      toolCalls: [{ id: 'call_a', name: 'weather', arguments: ['{"city"', ':"Oslo"}'] }, { id: 'call_b', name: 'now' }],
      citations: [{ url: 'https://example.org/a', title: 'A' }],
    }], { api });
    const { parts, error } = await collectParts(model.stream({ ...ask, tools: ['weather', 'now'].map((name) => ({ type: 'function', name, inputSchema: { type: 'object' } })) }, testCall()));
    expect(error).toBeUndefined();
    const result = foldParts(parts);
    expect(result.content.filter((part) => part.type === 'text').map((part) => part.text).join('')).toBe('Hello 🌍');
    expect(result.content.filter((part) => part.type === 'reasoning').map((part) => part.text)).toEqual(['Let me think.']);
    expect(result.content.filter((part) => part.type === 'tool-call').map(({ toolCallId, toolName, input }) => ({ toolCallId, toolName, input }))).toEqual([
      { toolCallId: 'call_a', toolName: 'weather', input: '{"city":"Oslo"}' }, { toolCallId: 'call_b', toolName: 'now', input: '{}' },
    ]);
    expect(result.content.filter((part) => part.type === 'source')).toMatchObject([{ url: 'https://example.org/a', title: 'A' }]);
    expect(result.finishReason.unified).toBe('tool-calls');
    expect(result.usage).toMatchObject({ inputTokens: { total: 20, noCache: 8, cacheRead: 12 }, outputTokens: { total: 9, text: 5, reasoning: 4 } });
    expect(result.response).toMatchObject({ modelId: 'gpt-4o', timestamp: new Date(1_760_000_000_000), headers: { 'x-ratelimit-remaining-requests': '4999', 'x-request-id': 'req_1' } });
    expect(lastBody(upstream)['stream']).toBe(true);
  });

  test('a whole answer equals the fold of its stream', async () => {
    const turn = {
      text: ['One ', 'two.'], reasoning: 'Hm.', encryptedReasoning: 'gAAA', toolCalls: [{ id: 'call_a', name: 'f', arguments: '{"a":1}' }],
      citations: [{ url: 'https://example.org/a', title: 'A' }], usage: { input: 5, output: 6, cached: 2, reasoning: 1 },
    };
    const { model, upstream } = await start([turn], { api });
    const { parts } = await collectParts(model.stream(ask, testCall()));
    const streamed = foldParts(parts);
    upstream.script(turn);
    const whole = await model.complete!(ask, testCall());
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll(/(chatcmpl-|resp_|rs_|msg_|fc_|req_)\d+/g, '$1N').replace(/"content-type":"[^"]*",?/, ''));
    const byKind = (result: typeof whole) => ({ ...result, content: [...result.content].sort((a, b) => a.type.localeCompare(b.type)) });
    expect(plain(byKind(whole))).toEqual(plain(byKind(streamed)));
    expect(plain(foldParts(partsOf(whole)))).toEqual(plain(whole));
    expect(lastBody(upstream)['stream']).toBeUndefined();
  });

  test('a refusal is a finish reason of its own and keeps its text apart', async () => {
    const turn = { refusal: ['I cannot ', 'help with that.'] };
    const { model } = await start([turn], { api });
    const { parts } = await collectParts(model.stream(ask, testCall()));
    for (const result of [foldParts(parts), await model.complete!(ask, testCall())]) {
      expect(result.finishReason.unified).toBe('refusal');
      expect(result.content).toMatchObject([{ type: 'text', text: 'I cannot help with that.', providerMetadata: { openai: { refusal: true } } }]);
    }
  });

  test.each([['length', 'length'], ['content_filter', 'content-filter'], ['stop', 'stop']])('the wire’s "%s" is %s', async (finishReason, unified) => {
    const { model } = await start([{ text: 'x', finishReason }], { api });
    const { parts } = await collectParts(model.stream(ask, testCall()));
    expect(foldParts(parts).finishReason.unified).toBe(unified);
    expect((await model.complete!(ask, testCall())).finishReason.unified).toBe(unified);
  });

  test('a figure the vendor does not send is undefined, not 0', async () => {
    const { model } = await start([{ text: 'x', usage: null }], { api });
    const { parts } = await collectParts(model.stream(ask, testCall()));
    expect(foldParts(parts).usage).toEqual({ inputTokens: {}, outputTokens: {} });
  });

  test('raw events come only when they are asked for', async () => {
    const { model } = await start([{ text: 'x' }], { api });
    const quiet = await collectParts(model.stream(ask, testCall()));
    const loud = await collectParts(model.stream(ask, testCall({ includeRaw: true })));
    expect(quiet.parts.some((part) => part.type === 'raw')).toBe(false);
    expect(loud.parts.filter((part) => part.type === 'raw').length).toBeGreaterThan(2);
  });

  test('nothing is sent before the first next()', async () => {
    const { model, upstream } = await start([{ text: 'x' }], { api });
    const stream = model.stream(ask, testCall());
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(upstream.requests).toHaveLength(0);
    await collectParts(stream);
    expect(upstream.requests).toHaveLength(1);
  });

  test('leaving the loop closes the connection', async () => {
    const { model, upstream } = await start([{ text: ['a', 'b'], faults: [{ type: 'stall', afterBytes: 600 }] }], { api });
    for await (const _ of model.stream(ask, testCall())) break;
    await expect(upstream.requests[0]?.closed).resolves.toBeUndefined();
  });

  test('an abort rejects with the signal’s reason and closes the connection', async () => {
    const { model, upstream } = await start([{ text: ['a', 'b'], faults: [{ type: 'stall', afterBytes: 600 }] }], { api });
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const reading = collectParts(model.stream(ask, testCall({ signal: controller.signal })));
    await expect.poll(() => upstream.requests.length).toBe(1);
    controller.abort(reason);
    expect((await reading).error).toBe(reason);
    await expect(upstream.requests[0]?.closed).resolves.toBeUndefined();
  });

  test('a connection serves one call after the other', async () => {
    const { model, upstream } = await start([{ text: 'x' }], { api });
    for (let number = 0; number < 5; number += 1) await collectParts(model.stream(ask, testCall()));
    expect(upstream.acceptedConnections).toBe(1);
  });
});

test('log probabilities, fingerprint and service tier come with the finish', async () => {
  const { model, upstream } = await start([{ text: ['a', 'b'], logprob: -0.5 }]);
  const request = { ...ask, topLogprobs: 0 };
  const { parts } = await collectParts(model.stream(request, testCall()));
  expect(lastBody(upstream)).toMatchObject({ logprobs: true });
  const whole = await model.complete!(request, testCall());
  for (const result of [foldParts(parts), whole]) {
    expect(result.providerMetadata?.['openai']).toMatchObject({
      systemFingerprint: 'fp_scripted', serviceTier: 'default', logprobs: { content: [{ token: 'a', logprob: -0.5 }, { token: 'b', logprob: -0.5 }] },
    });
  }
});
