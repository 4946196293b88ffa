/** A recorded stream, cut at every byte: into two reads it is the same answer, cut off it is the answer or a typed error. */
import { CallError, type ChatPart, type HttpClient, type HttpResponse } from '@modelport/plugin-api';
import { collectParts, createBedrockUpstream, createNodeHttpClient, fakeContext, foldParts, testCall, type BedrockTurn } from '@modelport/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import plugin, { BedrockOptions } from '../src/index.ts';
import { ask, KEYS } from './start.ts';

const turn: BedrockTurn = { text: ['Hé', '🌍'], reasoning: ['Hm', '…'], usage: { input: 3, output: 4, cached: 1 }, toolCalls: [{ id: 'tooluse_a', name: 'f', arguments: ['{"a":', '"ü"}'] }] };

/** The bytes an upstream sends for the turn, as they came. */
async function record(): Promise<{ head: HttpResponse; bytes: Buffer }> {
  const upstream = await createBedrockUpstream({ turns: [turn] });
  const http = createNodeHttpClient();
  const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'Hi' }] }] });
  const head = await http.request({ url: `${upstream.baseUrl}/model/m/converse-stream`, body }, testCall());
  const chunks: Uint8Array[] = [];
  for await (const bytes of head.body) chunks.push(bytes);
  http.close();
  await upstream.close();
  return { head, bytes: Buffer.concat(chunks) };
}

/** What the next request is answered with. */
let answer: { readonly head: HttpResponse; readonly pieces: readonly Uint8Array[] };

const http: HttpClient = {
  fetch: globalThis.fetch,
  request: async () => {
    const { head, pieces } = answer;
    return { ...head, body: (async function* () { yield* pieces; })() };
  },
};
const provider = await plugin.start(fakeContext({ schema: BedrockOptions, input: { region: 'us-east-1' }, http, secrets: KEYS }));

/** Reads the recording in these pieces. */
async function replay(head: HttpResponse, pieces: readonly Uint8Array[]): Promise<{ parts: readonly ChatPart[]; error: unknown }> {
  answer = { head, pieces };
  return collectParts(provider.chatModel!('anthropic.claude-opus-4-6-v1').stream(ask, testCall()));
}

test('a stream read in two pieces, cut at any byte, gives the identical parts', async () => {
  const { head, bytes } = await record();
  const whole = await replay(head, [bytes]);
  expect(whole.error).toBeUndefined();
  for (let at = 1; at < bytes.length; at += 1) {
    const { parts, error } = await replay(head, [bytes.subarray(0, at), bytes.subarray(at)]);
    expect({ at, error, parts }).toEqual({ at, error: undefined, parts: whole.parts });
  }
});

test('a stream read in any pieces gives the identical parts', async () => {
  const { head, bytes } = await record();
  const whole = await replay(head, [bytes]);
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 40 }), async (cuts) => {
    const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
    const { parts } = await replay(head, edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge)));
    expect(parts).toEqual(whole.parts);
  }), { numRuns: 40 });
});

test('a stream cut off at any byte is the complete answer, perhaps without its usage, or a typed error', async () => {
  const { head, bytes } = await record();
  const { usage, providerMetadata: _, ...complete } = foldParts((await replay(head, [bytes])).parts);
  const outcomes = { failed: 0, whole: 0 };
  for (let at = 0; at < bytes.length; at += 1) {
    const { parts, error } = await replay(head, [bytes.subarray(0, at)]);
    const finishes = parts.filter((part) => part.type === 'finish').length;
    expect({ at, finishes, code: CallError.is(error) ? error.code : error }).toEqual({ at, ...(error === undefined ? { finishes: 1, code: undefined } : { finishes: 0, code: 'PROTOCOL' }) });
    outcomes[error === undefined ? 'whole' : 'failed'] += 1;
    const { usage: _usage, providerMetadata: _metadata, ...folded } = error === undefined ? foldParts(parts) : { ...complete, usage };
    expect(folded).toEqual(complete);
  }
  expect(usage.inputTokens.total).toBe(3);
  expect(outcomes.failed).toBeGreaterThan(bytes.length / 2);
  expect(outcomes.whole).toBeGreaterThan(0);
});

test('a frame with a flipped bit is a typed error that may be tried again', async () => {
  const { head, bytes } = await record();
  for (const at of [2, 9, 20, bytes.length - 1]) {
    const damaged = Buffer.from(bytes);
    damaged[at]! ^= 1;
    const { error, parts } = await replay(head, [damaged]);
    expect({ at, code: CallError.is(error) && error.code, finished: parts.some((part) => part.type === 'finish') }).toEqual({ at, code: 'PROTOCOL', finished: false });
  }
});
