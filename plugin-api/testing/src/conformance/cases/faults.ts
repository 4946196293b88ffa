/** What goes wrong on the way is told by a typed error; a short answer is never shown as whole. */
import { CallError } from '@modelport/plugin-api';
import { type ConformanceCase, expectSame, expectThat } from '../case.ts';
import { ask, describeError, type Outcome } from '../trial.ts';
import type { UpstreamFault } from '../upstream-adapter.ts';
import { ended } from './abort.ts';

const TEXT = ['First. ', 'Second 東京. ', 'Third.'];

/** Longest silence in the case that waits for it, in milliseconds. */
const IDLE_MS = 250;

/** The cases. */
export const faultCases: readonly ConformanceCase[] = [
  {
    name: 'faults/idle', title: 'a vendor that falls silent in mid-answer becomes TIMEOUT after the idle limit, with what had come', needs: ['chat', 'wire'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: TEXT, fault: 'stall' }], { limits: { idleMs: IDLE_MS } });
      const outcome = await ended(backend.ask());
      expectFailure(outcome, ['TIMEOUT'], 'a stream that fell silent');
      expectSame((outcome.error as CallError).facts.limit, 'idle', 'the limit that the error names');
      expectThat(outcome.text.startsWith('First'), 'what had come before the silence is gone');
    },
  },
  ...streamFault('faults/truncated', 'a body that ends in good order before the answer does is an error', 'cut', ['PROTOCOL', 'NETWORK']),
  ...streamFault('faults/closed', 'a connection that closes in the middle of the body is an error', 'close', ['NETWORK', 'PROTOCOL']),
  ...streamFault('faults/reset', 'a connection that is reset in mid-answer is NETWORK', 'reset', ['NETWORK']),
  {
    name: 'faults/error-event', title: 'the vendor’s error in mid-stream is thrown, with what had come', needs: ['chat', 'wire'],
    run: async (trial) => {
      const outcome = await ended((await trial.backend([{ text: TEXT, fault: 'error-event' }])).ask());
      expectFailure(outcome, undefined, 'an answer with an error in its middle');
      expectThat(outcome.text.startsWith('First'), 'what had come before the error is gone');
    },
  },
  {
    name: 'faults/error-in-200', title: 'an error object under status 200 is an error', needs: ['chat', 'wire'],
    run: async (trial) => {
      const backend = await trial.backend([{ error: { status: 200 } }]);
      expectFailure(await ended(backend.ask()), undefined, 'status 200 with the vendor’s error object');
    },
  },
  {
    name: 'faults/html', title: 'an HTML page under status 200 is PROTOCOL', needs: ['chat', 'wire'],
    run: async (trial) => {
      const backend = await trial.backend([{ fault: 'html' }]);
      expectFailure(await ended(backend.ask()), ['PROTOCOL'], 'an HTML page in place of an answer');
    },
  },
  {
    name: 'faults/every-byte', title: 'an answer that arrives one byte at a time is the same answer', needs: ['chat', 'wire'],
    run: async (trial) => {
      const text = [...TEXT, ' 東京 🌍 Grüße'.repeat(5)];
      const tools = trial.claims.has('tools') ? { toolCalls: [{ id: 'call_a', name: 'weather', arguments: ['{"city":"', 'São"}'] }] } : {};
      const [whole, split] = [await trial.backend([{ text, ...tools }]), await trial.backend([{ text, ...tools, fault: 'every-byte' }])];
      const [first, second] = [await whole.answer(), await split.answer()];
      expectSame(second.result.content, first.result.content, 'the content of the answer in single bytes');
      expectSame(second.result.finishReason, first.result.finishReason, 'the finish reason of the answer in single bytes');
    },
  },
];

/** Throws unless the outcome is a CallError, of one of the codes where they are given. */
export function expectFailure({ error, text }: Outcome, codes: readonly string[] | undefined, what: string): void {
  expectThat(error !== undefined, `${what} was taken for a whole answer: ${JSON.stringify(text)}`);
  expectThat(CallError.is(error), `${what} threw ${describeError(error)}, which is no CallError`);
  expectThat(codes === undefined || codes.includes(error.code), `${what} became ${error.code}, expected ${codes?.join(' or ')}`);
}

function streamFault(name: string, title: string, fault: UpstreamFault, codes: readonly string[]): readonly ConformanceCase[] {
  return [{
    name, title, needs: ['chat', 'wire'],
    run: async (trial) => {
      const outcome = await ended((await trial.backend([{ text: TEXT, fault }])).ask(ask()));
      expectFailure(outcome, codes, 'an answer that broke off');
      expectThat(outcome.text === '' || outcome.text.startsWith('First'), `what had come is ${JSON.stringify(outcome.text)}`);
    },
  }];
}
