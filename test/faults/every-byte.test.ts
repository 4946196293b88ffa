/** A recorded stream, cut at every byte, through the whole host: into two reads it is the same answer, cut off it is that answer or a typed error. */
import { createOpenAIUpstream, startRawServer, type Turn } from '@modelport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { apis, askStream, saidBy, startHost, type Api, type Outcome } from './ask-host.ts';

const turn: Turn = { text: ['Hé', 'y 🌍'], toolCalls: [{ id: 'call_a', name: 'f', arguments: ['{"a":', '"ü"}'] }], usage: { input: 3, output: 4 } };

/** The bytes an upstream sends for the turn, as they come. */
async function record(api: Api): Promise<Buffer> {
  await using upstream = await createOpenAIUpstream({ turns: [turn] });
  const answer = await fetch(`${upstream.baseUrl}/${api === 'chat' ? 'chat/completions' : 'responses'}`, {
    method: 'POST', headers: { connection: 'close' }, body: JSON.stringify({ model: 'm', stream: true, stream_options: { include_usage: true } }),
  });
  return Buffer.from(await answer.arrayBuffer());
}

/** Asks a host whose upstream sends these pieces, each a write of its own that has left before the next. */
async function replayer(api: Api): Promise<(pieces: readonly Buffer[]) => Promise<Outcome>> {
  let pieces: readonly Buffer[] = [];
  const server = await startRawServer(async (_request, socket) => {
    const write = (text: string | Buffer): Promise<void> => new Promise((resolve) => { socket.write(text, () => resolve()); });
    await write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n');
    for (const piece of pieces) {
      await write(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]));
      // The reader's turn of the loop comes between the pieces.
      await new Promise(setImmediate);
    }
    await write('0\r\n\r\n');
  });
  onTestFinished(() => server.close());
  const host = await startHost(`${server.url}/v1`, api);
  return async (next) => {
    pieces = next.filter(({ length }) => length > 0);
    return askStream(host);
  };
}

describe.each(apis)('%s through the host', (api) => {
  it('a stream cut into two at any byte gives the identical parts and answer', async () => {
    const bytes = await record(api);
    const replay = await replayer(api);
    const whole = await replay([bytes]);
    expect(whole.answer).toMatchObject({ text: 'Héy 🌍', toolCalls: [{ input: { a: 'ü' } }] });
    for (let at = 1; at < bytes.length; at += 1) {
      const { parts, error, answer } = await replay([bytes.subarray(0, at), bytes.subarray(at)]);
      expect({ at, error, parts }).toEqual({ at, error: undefined, parts: whole.parts });
      expect(saidBy({ parts, answer })).toEqual(saidBy(whole));
    }
  }, 60_000);

  it('a stream that comes byte by byte gives the identical parts and answer', async () => {
    const bytes = await record(api);
    const replay = await replayer(api);
    const whole = await replay([bytes]);
    const single = await replay(Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1)));
    expect(single.parts).toEqual(whole.parts);
    expect(saidBy(single)).toEqual(saidBy(whole));
  });

  it('a stream cut off at any byte is the complete answer, or PROTOCOL with what had arrived', async () => {
    const bytes = await record(api);
    const replay = await replayer(api);
    const whole = await replay([bytes]);
    const text = whole.answer?.text ?? '';
    const partials = new Set<string>();
    let complete = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const { error, answer, parts } = await replay([bytes.subarray(0, at)]);
      const partial = error?.context.partial;
      const said = partial?.content.map((part) => (part.type === 'text' ? part.text : '')).join('') ?? '';
      if (error === undefined) complete += 1;
      else partials.add(said);
      expect({ at, code: error?.code, finished: parts.some(({ type }) => type === 'finish'), end: (answer ?? partial)?.finishReason.unified, begins: text.startsWith(said) })
        .toEqual(error === undefined ? { at, code: undefined, finished: true, end: 'tool-calls', begins: true } : { at, code: 'PROTOCOL', finished: false, end: 'interrupted', begins: true });
      expect([whole.answer?.content, undefined]).toContainEqual(answer?.content);
      // The count may be what was cut off, and is then unknown, never another number.
      expect([whole.answer?.usage.outputTokens.total, undefined]).toContain(answer?.usage.outputTokens.total);
    }
    expect(complete).toBeGreaterThan(0);
    expect(complete).toBeLessThan(bytes.length / 2);
    expect([...partials]).toEqual(['', 'Hé', text]);
  }, 60_000);
});
