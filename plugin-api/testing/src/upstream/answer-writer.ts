/** Writes one HTTP answer to a bare socket, with the faults that concern its bytes and its connection. */
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { faultOf, offsetIn, toPieces, type Fault } from './fault.ts';

/** An answer before it is written. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Writes the answer chunked, as vendors stream; resolves when all is written or the connection is gone. */
export async function writeAnswer(socket: Socket, answer: Answer, faults: readonly Fault[]): Promise<void> {
  if (faultOf(faults, 'reset-before-header') !== undefined) {
    socket.resetAndDestroy();
    return;
  }
  if (faultOf(faults, 'silence') !== undefined) {
    await gone(socket);
    return;
  }
  const compressed = faultOf(faults, 'gzip') !== undefined;
  const reset = faultOf(faults, 'reset');
  const close = faultOf(faults, 'close');
  const stall = faultOf(faults, 'stall');
  const cut = reset ?? close ?? stall ?? faultOf(faults, 'cut');
  const plain = cut === undefined ? answer.body : answer.body.subarray(0, offsetIn(answer.body, cut));
  const headers = { ...answer.headers, ...(compressed ? { 'content-encoding': 'gzip' } : {}), 'transfer-encoding': 'chunked' };
  await write(socket, headOf(answer.status, headers));
  if (faultOf(faults, 'endless-line') !== undefined) {
    await writeEndlessly(socket);
    return;
  }
  const split = faultOf(faults, 'split') !== undefined;
  for (const piece of toPieces(compressed ? gzipSync(plain) : plain, faults)) {
    await write(socket, chunkOf(piece));
    // A client in the same process reads this piece before the next one is written.
    if (split) await new Promise((resolve) => { setImmediate(resolve); });
  }
  if (reset !== undefined) socket.resetAndDestroy();
  else if (close !== undefined) socket.destroy();
  else if (stall !== undefined) await gone(socket);
  else await write(socket, Buffer.from('0\r\n\r\n'));
}

function headOf(status: number, headers: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status} ${status < 400 ? 'OK' : 'Error'}\r\n${lines.join('')}\r\n`);
}

function chunkOf(piece: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
}

/** Resolves when the bytes have left for the kernel, so that each piece is a read of its own as often as the network allows. */
async function write(socket: Socket, bytes: Buffer): Promise<void> {
  if (socket.destroyed) return;
  await new Promise<void>((resolve) => {
    socket.write(bytes, () => resolve());
  });
}

async function writeEndlessly(socket: Socket): Promise<void> {
  const piece = chunkOf(Buffer.alloc(65_536, 'x'));
  await write(socket, chunkOf(Buffer.from('data: ')));
  while (!socket.destroyed) await write(socket, piece);
}

async function gone(socket: Socket): Promise<void> {
  if (!socket.destroyed) await new Promise<void>((resolve) => { socket.once('close', () => resolve()); });
}
