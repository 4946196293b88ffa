/** A reader that does not read holds back the vendor's socket, and what waits in this process stays small. */
import { once } from 'node:events';
import { createGzip } from 'node:zlib';
import { startRawServer } from '@modelport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHost } from './ask-host.ts';

const deltaBytes = 16 * 1024;
const deltas = 4096;
/** 64 MiB of text, far more than all buffers between two sockets of one machine hold. */
const wholeBytes = deltaBytes * deltas;
const event = Buffer.from(`data: ${JSON.stringify({ id: 'x', choices: [{ index: 0, delta: { content: 'x'.repeat(deltaBytes) } }] })}\n\n`);
const last = Buffer.from(`data: ${JSON.stringify({ id: 'x', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`);

/** What the upstream has written so far; it writes as fast as it is let. */
interface Progress {
  written: number;
}

async function upstream(compressed: boolean): Promise<{ readonly url: string; readonly progress: Progress }> {
  const progress: Progress = { written: 0 };
  const server = await startRawServer(async ({ closed }, socket) => {
    const chunk = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n${compressed ? 'content-encoding: gzip\r\n' : ''}\r\n`);
    // Uncompressed blocks: a compressed stream of the same length on the wire.
    const gzip = compressed ? createGzip({ level: 0 }) : undefined;
    const send = (bytes: Buffer): Promise<void> => new Promise((resolve) => { socket.write(chunk(bytes), () => resolve()); });
    const sending = gzip && (async () => { for await (const bytes of gzip) await send(bytes as Buffer); })();
    for (let sent = 0; sent < deltas && !socket.destroyed; sent += 1) {
      if (gzip === undefined) await send(event);
      else if (!gzip.write(event)) await Promise.race([once(gzip, 'drain'), closed]);
      progress.written += deltaBytes;
    }
    if (gzip === undefined) await send(last);
    else gzip.end(last);
    await sending;
    socket.write('0\r\n\r\n');
  });
  onTestFinished(() => server.close());
  return { url: `${server.url}/v1`, progress };
}

/** Resolves once the upstream has written nothing for 20 turns of 10 ms. Too early an answer is only a smaller number. */
async function standstill(progress: Progress): Promise<number> {
  for (let still = 0, before = -1; still < 20; still = progress.written === before ? still + 1 : 0) {
    before = progress.written;
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
  return progress.written;
}

function bufferBytes(): number {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

describe.each([['plain', false], ['compressed', true]])('a %s stream of 64 MiB', (_name, compressed) => {
  it('waits on the vendor\'s side while its reader rests, and arrives whole when the reader goes on', async () => {
    const { url, progress } = await upstream(compressed);
    const host = await startHost(url);
    const stream = host.models.get('default').stream('Hi');
    const before = bufferBytes();
    let length = 0;
    let rested = { written: 0, held: 0 };
    for await (const text of stream.text) {
      length += text.length;
      if (length === deltaBytes) rested = { written: await standstill(progress), held: bufferBytes() - before };
    }
    // The kernel's buffers on both sides hold some MiB; this process no more than its own few.
    expect(rested.written).toBeGreaterThan(0);
    expect(rested.written).toBeLessThan(wholeBytes / 2);
    // Garbage that is not collected yet counts too; a process that held the rest would be far above.
    expect(rested.held).toBeLessThan(wholeBytes / 2);
    expect(length).toBe(wholeBytes);
    expect((await stream.answer).finishReason.unified).toBe('stop');
  }, 60_000);
});

it('a reader that leaves a stream it held back closes the connection', async () => {
  const { url, progress } = await upstream(false);
  const host = await startHost(url);
  for await (const _text of host.models.get('default').stream('Hi').text) {
    await standstill(progress);
    break;
  }
  expect((await host.describe()).backends[0]?.leases).toBe(0);
  expect(await standstill(progress)).toBeLessThan(wholeBytes);
});
