/** An abort ends a call at once, with the caller's own reason, and lets go of the connection. */
import { testCall } from '../../fake-context.ts';
import { type ConformanceCase, expectThat } from '../case.ts';
import { ask, describeError, endedWithin, eventually, letsGo, type Outcome, type TestBackend, type Trial } from '../trial.ts';

const TEXT = ['First. ', 'Second. ', 'Third.'];

/** How long a plugin may take to end after an abort, in milliseconds: a host abandons it after 5000. */
const END_LIMIT_MS = 4_000;

/** The cases. */
export const abortCases: readonly ConformanceCase[] = [
  {
    name: 'abort/before', title: 'a call whose signal is aborted already rejects with its reason and sends nothing', needs: ['chat'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: TEXT }]);
      const reason = new Error('aborted before');
      const outcome = await ended(backend.ask(ask(), { signal: AbortSignal.abort(reason) }));
      expectReason(outcome, reason);
      if (trial.claims.has('wire')) expectThat(backend.wire.requests.length === 0, 'a request was sent all the same');
    },
  },
  {
    name: 'abort/during', title: 'an abort before the first byte of the answer rejects with its reason and closes the connection', needs: ['chat'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: TEXT, fault: 'silence' }]);
      const controller = new AbortController();
      const reason = new Error('aborted during');
      const asking = backend.ask(ask(), { signal: controller.signal });
      if (trial.claims.has('wire')) expectThat(await eventually(() => backend.wire.requests.length === 1), 'the request never reached the vendor');
      else await new Promise((resolve) => { setImmediate(resolve); });
      controller.abort(reason);
      expectReason(await ended(asking), reason);
      await expectClosed(trial, backend);
    },
  },
  {
    name: 'abort/after-first-byte', title: 'an abort in the middle of the answer rejects with its reason and closes the connection', needs: ['chat'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: TEXT, fault: 'stall' }]);
      const controller = new AbortController();
      const reason = new Error('aborted after the first byte');
      const outcome = await ended(backend.ask(ask(), { signal: controller.signal }, (part) => {
        if (part.type === 'text-delta') setImmediate(() => controller.abort(reason));
      }));
      expectThat(outcome.text.startsWith('First'), 'the part before the abort did not arrive');
      expectReason(outcome, reason);
      await expectClosed(trial, backend);
    },
  },
  {
    name: 'abort/leaving-the-loop', title: 'a reader that leaves the loop closes the connection', needs: ['chat', 'wire'],
    run: async (trial) => {
      const backend = await trial.backend([{ text: TEXT, fault: 'stall' }]);
      await ended(backend.run(async () => {
        for await (const batch of backend.model().stream(ask(), testCall())) {
          const parts = Array.isArray(batch) ? batch : [batch];
          if (parts.some((part) => part.type === 'text-delta')) break;
        }
      }));
      await expectClosed(trial, backend);
    },
  },
];

/** The end of the work, or a failure when it does not come. */
export function ended<T>(work: Promise<T>): Promise<T> {
  return endedWithin(END_LIMIT_MS, work);
}

function expectReason({ error }: Outcome, reason: Error): void {
  expectThat(error !== undefined, 'the stream ended as if nothing had happened');
  expectThat(error === reason, `it rejected with ${describeError(error)}, expected signal.reason itself`);
}

async function expectClosed(trial: Trial, backend: TestBackend): Promise<void> {
  if (!trial.claims.has('wire')) return;
  expectThat(await letsGo(backend), 'the connection stayed open');
}
