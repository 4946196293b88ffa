/** Whatever an upstream does, a user of the host gets the complete answer or a typed error with what had arrived. */
import { createOpenAIUpstream, type Fault, type Turn } from '@modelport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { apis, askStream, askWhole, saidBy, startHost, type Api, type Outcome } from './ask-host.ts';

const turn: Turn = { text: ['Hello ', 'wörld ', '🌍'], toolCalls: [{ id: 'call_a', name: 'f', arguments: ['{"a":', '1}'] }], usage: { input: 11, output: 7, cached: 2 } };

/** What is expected of a fault: the whole answer, or the code of the error; of an error in mid-stream, that "Hello" is on it. */
type Expected = 'whole' | 'PROTOCOL' | 'NETWORK' | 'TIMEOUT' | { readonly code: string; readonly partial: true };

interface Case {
  readonly fault: (api: Api) => Fault;
  readonly streamed: Expected;
  /** The error where the answer was not asked as a stream. Default: none, since there are no events to spoil. */
  readonly asked?: 'PROTOCOL' | 'NETWORK' | 'TIMEOUT';
}

const rateLimited = { message: 'Slow down.', type: 'requests', code: 'rate_limit_exceeded', param: null };
/** In the answer's first text, on either wire and in either form. */
const middle = { streamed: { afterText: 'Hello ' }, asked: { afterBytes: 60 } };

/** Every fault there is: one that is added has to be given its case here. */
const cases: Readonly<Record<Fault['type'], Case>> = {
  split: { fault: () => ({ type: 'split', at: 'every-byte' }), streamed: 'whole' },
  crlf: { fault: () => ({ type: 'crlf' }), streamed: 'whole' },
  'byte-order-mark': { fault: () => ({ type: 'byte-order-mark' }), streamed: 'whole' },
  'no-space': { fault: () => ({ type: 'no-space' }), streamed: 'whole' },
  comments: { fault: () => ({ type: 'comments' }), streamed: 'whole' },
  gzip: { fault: () => ({ type: 'gzip' }), streamed: 'whole' },
  'no-done': { fault: () => ({ type: 'no-done' }), streamed: 'whole' },
  'no-final-newline': { fault: () => ({ type: 'no-final-newline' }), streamed: 'whole' },
  'long-line': { fault: () => ({ type: 'long-line', bytes: 10 * 1024 * 1024 }), streamed: 'whole' },
  'json-instead-of-stream': { fault: () => ({ type: 'json-instead-of-stream' }), streamed: 'whole' },
  'events-after-done': {
    fault: (api) => ({ type: 'events-after-done', events: [api === 'chat' ? { choices: [{ index: 0, delta: { content: 'LATE' } }] } : { type: 'response.output_text.delta', item_id: 'msg_1', delta: 'LATE' }, '{broken'] }),
    streamed: 'whole',
  },
  'unreadable-event': { fault: () => ({ type: 'unreadable-event', before: 1 }), streamed: 'whole' },
  'error-event': {
    fault: (api) => ({ type: 'error-event', before: 0, afterText: 'Hello ', error: api === 'chat' ? { error: rateLimited } : { ...rateLimited, type: 'error', sequence_number: 9 } }),
    streamed: { code: 'RATE_LIMITED', partial: true },
  },
  html: { fault: () => ({ type: 'html' }), streamed: 'PROTOCOL', asked: 'PROTOCOL' },
  'reset-before-header': { fault: () => ({ type: 'reset-before-header' }), streamed: 'NETWORK', asked: 'NETWORK' },
  reset: { fault: () => ({ type: 'reset', ...middle.streamed }), streamed: { code: 'NETWORK', partial: true } },
  close: { fault: () => ({ type: 'close', ...middle.streamed }), streamed: { code: 'NETWORK', partial: true } },
  cut: { fault: () => ({ type: 'cut', ...middle.streamed }), streamed: { code: 'PROTOCOL', partial: true } },
  stall: { fault: () => ({ type: 'stall', ...middle.streamed }), streamed: { code: 'TIMEOUT', partial: true } },
  silence: { fault: () => ({ type: 'silence' }), streamed: 'TIMEOUT', asked: 'TIMEOUT' },
  'endless-line': { fault: () => ({ type: 'endless-line' }), streamed: 'PROTOCOL', asked: 'PROTOCOL' },
};

/** The same four in the middle of an answer that came as one JSON text. */
const wholeCases: readonly (readonly [Fault, string])[] = [
  [{ type: 'reset', ...middle.asked }, 'NETWORK'], [{ type: 'close', ...middle.asked }, 'NETWORK'], [{ type: 'cut', ...middle.asked }, 'PROTOCOL'], [{ type: 'stall', ...middle.asked }, 'TIMEOUT'],
];

/** A short limit is set only where it is what ends the call. */
const limits = { calls: { retry: { attempts: 1 }, timeouts: { firstPartMs: 250, idleMs: 250 } } };

async function under(fault: Fault | undefined, api: Api, ask: typeof askStream): Promise<Outcome> {
  const upstream = await createOpenAIUpstream({ turns: [{ ...turn, ...(fault && { faults: [fault] }) }] });
  onTestFinished(() => upstream.close());
  const host = await startHost(upstream.baseUrl, api, fault?.type === 'stall' || fault?.type === 'silence' ? limits : {});
  const outcome = await ask(host);
  expect((await host.describe()).backends[0]?.leases).toBe(0);
  return outcome;
}

describe.each(apis)('%s through the host', (api) => {
  const rows = Object.entries(cases).map(([type, one]) => ({ type, ...one }));

  it('knows 21 faults', () => {
    expect(rows).toHaveLength(21);
  });

  it.each(rows.filter(({ streamed }) => streamed === 'whole'))('a stream with the fault $type is the whole answer', async ({ fault }) => {
    const clean = await under(undefined, api, askStream);
    expect(clean.answer).toMatchObject({ text: 'Hello wörld 🌍', finishReason: { unified: 'tool-calls' }, toolCalls: [{ toolName: 'f', input: { a: 1 } }] });
    const outcome = await under(fault(api), api, askStream);
    expect(outcome.error).toBeUndefined();
    expect(saidBy(outcome)).toEqual(saidBy(clean));
  });

  it.each(rows.filter(({ streamed }) => streamed !== 'whole'))('a stream with the fault $type is $streamed, with what had arrived', async ({ fault, streamed }) => {
    const { error, parts } = await under(fault(api), api, askStream);
    const { code, said } = typeof streamed === 'string' ? { code: streamed, said: [] } : { code: streamed.code, said: ['Hello '] };
    expect({ code: error?.code, backend: error?.context.backend, finished: parts.some(({ type }) => type === 'finish') }).toEqual({ code, backend: 'local', finished: false });
    const partial = error?.context.partial;
    expect(partial?.content.map((part) => (part.type === 'text' ? part.text : part)) ?? []).toEqual(said);
    // Never one that claims to have ended.
    expect(partial?.finishReason.unified ?? 'interrupted').toBe('interrupted');
  });

  const unbroken = rows.filter(({ type }) => !wholeCases.some(([fault]) => fault.type === type));

  it.each(unbroken.filter(({ asked }) => asked === undefined))('an answer asked whole with the fault $type is the whole answer', async ({ fault }) => {
    const clean = await under(undefined, api, askWhole);
    expect(saidBy(clean)).toBeDefined();
    expect(saidBy(await under(fault(api), api, askWhole))).toEqual(saidBy(clean));
  });

  it.each(unbroken.filter(({ asked }) => asked !== undefined))('an answer asked whole with the fault $type is $asked', async ({ fault, asked }) => {
    expect((await under(fault(api), api, askWhole)).error).toMatchObject({ code: asked, context: { backend: 'local' } });
  });

  it.each(wholeCases)('an answer asked whole that breaks in its middle (%o) is %s', async (fault, code) => {
    expect((await under(fault, api, askWhole)).error).toMatchObject({ code, context: { backend: 'local' } });
  });
});
