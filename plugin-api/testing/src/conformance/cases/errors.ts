/** Every status of a vendor is a code that says what to do, with the wait it asks for. */
import { CallError } from '@modelport/plugin-api';
import { type ConformanceCase, expectSame, expectThat } from '../case.ts';
import { describeError } from '../trial.ts';
import { ended } from './abort.ts';
import { expectFailure } from './faults.ts';

/** The codes each status may become, and whether another attempt may help. Vendors differ in what they mean by some. */
const TABLE: readonly (readonly [status: number, codes: readonly string[], retryable: boolean])[] = [
  [400, ['REQUEST_INVALID', 'CONTEXT_OVERFLOW'], false], [401, ['AUTH_INVALID'], false], [402, ['QUOTA_EXCEEDED'], false],
  [403, ['AUTH_INVALID', 'MODEL_NOT_FOUND'], false], [404, ['MODEL_NOT_FOUND', 'MODEL_NOT_PULLED'], false], [408, ['TIMEOUT'], true],
  [413, ['CONTEXT_OVERFLOW', 'REQUEST_INVALID'], false], [422, ['REQUEST_INVALID'], false], [429, ['RATE_LIMITED'], true],
  [500, ['OVERLOADED'], true], [502, ['OVERLOADED', 'NETWORK'], true], [503, ['OVERLOADED'], true], [504, ['OVERLOADED', 'TIMEOUT'], true],
  [529, ['OVERLOADED'], true],
];

/** The cases. */
export const errorCases: readonly ConformanceCase[] = [
  {
    name: 'errors/status-table', title: 'each status becomes its code, and says whether another attempt may help', needs: ['chat', 'wire'],
    run: async (trial) => {
      const wrong: string[] = [];
      for (const [status, codes, retryable] of TABLE) {
        const { error } = await ended((await trial.backend([{ error: { status } }])).ask());
        if (!CallError.is(error)) wrong.push(`${status} is ${error === undefined ? 'no error' : describeError(error)}, no CallError`);
        else if (!codes.includes(error.code)) wrong.push(`${status} is ${error.code}, expected ${codes.join(' or ')}`);
        else if ((error.facts.retryable ?? defaultRetryable.has(error.code)) !== retryable) wrong.push(`${status} is told as ${retryable ? 'not ' : ''}retryable`);
        else if (error.facts.status !== status) wrong.push(`the error of ${status} says status ${error.facts.status}`);
      }
      expectThat(wrong.length === 0, wrong.join('; '));
    },
  },
  {
    name: 'errors/retry-after-seconds', title: 'Retry-After in seconds is the wait of the error', needs: ['chat', 'wire'],
    run: async (trial) => {
      const outcome = await ended((await trial.backend([{ error: { status: 429, retryAfter: '7' } }])).ask());
      expectFailure(outcome, ['RATE_LIMITED'], 'status 429');
      expectSame((outcome.error as CallError).facts.retryAfterMs, 7_000, 'retryAfterMs');
    },
  },
  {
    name: 'errors/retry-after-date', title: 'Retry-After as a date is the wait of the error', needs: ['chat', 'wire'],
    run: async (trial) => {
      const outcome = await ended((await trial.backend([{ error: { status: 503, retryAfter: new Date(Date.now() + 3_600_000).toUTCString() } }])).ask());
      expectFailure(outcome, ['OVERLOADED'], 'status 503');
      const { retryAfterMs } = (outcome.error as CallError).facts;
      // An hour, less what the test itself takes: the date has whole seconds.
      expectThat(retryAfterMs !== undefined && retryAfterMs > 3_000_000 && retryAfterMs <= 3_600_000, `retryAfterMs is ${retryAfterMs}, expected an hour`);
    },
  },
  {
    name: 'errors/no-retry', title: 'the plugin never tries again by itself', needs: ['chat', 'wire'],
    run: async (trial) => {
      const backend = await trial.backend([{ error: { status: 503 } }, { text: 'Second attempt.' }]);
      await ended(backend.ask());
      expectThat(backend.wire.requests.length === 1, `one call sent ${backend.wire.requests.length} requests`);
    },
  },
];

const defaultRetryable: ReadonlySet<string> = new Set(['RATE_LIMITED', 'OVERLOADED', 'NETWORK', 'TIMEOUT']);
