/** Ten thousand calls aborted at random moments leave no socket, no timer, no listener and no lease behind. */
import { getEventListeners } from 'node:events';
import { ModelportError, type Host } from '@modelport/host';
import { createOpenAIUpstream, startRawServer, type RawServer } from '@modelport/testing';
import { expect, it, onTestFinished } from 'vitest';
import { startHost } from './ask-host.ts';

const aborts = 10_000;
const atOnce = 64;

/** A repeatable stream of numbers below `limit`: a failure can be run again. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** A whole answer as it stands on the wire, head and chunk borders included. */
async function recording(stream: boolean): Promise<Buffer> {
  await using upstream = await createOpenAIUpstream({ turns: [{ text: ['Once ', 'upon ', 'a ', 'time.'], toolCalls: [{ name: 'f', arguments: ['{"a":', '1}'] }] }] });
  const answer = await fetch(`${upstream.baseUrl}/chat/completions`, { method: 'POST', headers: { connection: 'close' }, body: JSON.stringify({ model: 'm', stream }) });
  const body = Buffer.from(await answer.arrayBuffer());
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${answer.headers.get('content-type')}\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`;
  return Buffer.concat([Buffer.from(head), body, Buffer.from('\r\n0\r\n\r\n')]);
}

/** Where each call stops: the upstream sends this share of head and body, then calls `reached` and says no more. */
interface Plan {
  readonly share: number;
  readonly reached: () => void;
}

async function stoppingUpstream(plans: Map<string, Plan>): Promise<RawServer> {
  const streamed = await recording(true);
  const asked = await recording(false);
  const server = await startRawServer(async ({ headers, body }, socket) => {
    const plan = plans.get(headers['x-number'] ?? '');
    if (plan === undefined) throw new Error('a request without a plan');
    const whole = (body as { readonly stream?: boolean }).stream === true ? streamed : asked;
    const bytes = Math.round(plan.share * whole.length);
    if (bytes > 0) await new Promise<void>((resolve) => { socket.write(whole.subarray(0, bytes), () => resolve()); });
    plan.reached();
    if (bytes < whole.length && !socket.destroyed) await new Promise<void>((resolve) => { socket.once('close', () => resolve()); });
  });
  onTestFinished(() => server.close());
  return server;
}

/** Waits turn by turn, without a timer of its own, for what only the event loop can finish. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

/** What of this process keeps it alive. */
function running(): { readonly sockets: number; readonly timers: number } {
  const kinds = process.getActiveResourcesInfo();
  return { sockets: kinds.filter((kind) => kind === 'TCPSocketWrap').length, timers: kinds.filter((kind) => kind === 'Timeout').length };
}

async function leases(host: Host): Promise<number> {
  return (await host.describe()).backends.reduce((sum, backend) => sum + backend.leases, 0);
}

it('10,000 aborts at random offsets leave sockets, timers, listeners and leases where they were', async () => {
  const plans = new Map<string, Plan>();
  const server = await stoppingUpstream(plans);
  const host = await startHost(`${server.url}/v1`);
  const model = host.models.get('default');
  const random = numbers(42);
  const before = running();
  const session = new AbortController();
  const codes = new Map<string, number>();
  let listeners = 0;

  const one = async (number: number): Promise<void> => {
    const controller = new AbortController();
    const way = number % 4;
    const later = random(3);
    const abort = async (): Promise<void> => {
      // At once, or a turn or two later, when some of it has been read.
      for (let turn = 0; turn < later; turn += 1) await new Promise(setImmediate);
      if (!controller.signal.aborted) controller.abort();
    };
    plans.set(String(number), { share: random(1001) / 1000, reached: () => void abort() });
    const options = { headers: { 'x-number': String(number) }, signal: controller.signal };
    let code = 'whole';
    try {
      if (way === 0) await model.generate('Hi', options);
      else if (way === 1) await model.stream('Hi', options).answer;
      else {
        const stream = model.stream('Hi', way === 2 ? options : { ...options, signal: AbortSignal.any([controller.signal, session.signal]) });
        // A reader that leaves by itself, where the answer comes so far.
        let parts = random(12);
        for await (const _part of stream) if (way === 3 && (parts -= 1) < 0) { code = 'left'; break; }
      }
    } catch (error) {
      if (!ModelportError.is(error)) throw error;
      code = error.code;
    }
    codes.set(code, (codes.get(code) ?? 0) + 1);
    listeners += getEventListeners(controller.signal, 'abort').length;
    plans.delete(String(number));
  };

  let next = 0;
  const lane = async (): Promise<void> => { while (next < aborts) await one(next++); };
  await Promise.all(Array.from({ length: atOnce }, lane));

  // What ended is an abort, a reader that left, or an answer that was quicker; never another failure.
  expect([...codes.keys()].filter((code) => !['ABORTED', 'left', 'whole'].includes(code))).toEqual([]);
  expect(codes.get('ABORTED')).toBeGreaterThan(aborts / 2);
  expect(await leases(host)).toBe(0);
  expect(listeners).toBe(0);
  expect(getEventListeners(session.signal, 'abort')).toEqual([]);
  await host.close();
  await until(() => server.openConnections === 0 && running().sockets <= before.sockets && running().timers <= before.timers);
  expect(running().timers).toBeLessThanOrEqual(before.timers);
}, 120_000);
