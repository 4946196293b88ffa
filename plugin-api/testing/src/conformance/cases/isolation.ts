/** Calls do not touch each other, secrets stay where they belong, and nothing stays behind. */
import { createHook } from 'node:async_hooks';
import { inspect } from 'node:util';
import { currentPluginFrame } from '@modelport/host/conformance';
import { testCall } from '../../fake-context.ts';
import { type ConformanceCase, expectSame, expectThat } from '../case.ts';
import { ask, eventually, type Outcome, type TestBackend } from '../trial.ts';
import type { UpstreamTurn } from '../upstream-adapter.ts';
import { ended } from './abort.ts';

const STREAMS = 50;

/** A long answer, and the share of it that a plugin may hold for a reader that does not read. */
const LONG = { deltas: 4_000, deltaBytes: 4_096, held: 0.5 };

/** The cases. */
export const isolationCases: readonly ConformanceCase[] = [
  {
    name: 'secrets/canary', title: 'a secret reaches the vendor and nothing else: no error, log line, part or warning holds it', needs: ['chat'],
    run: async (trial) => {
      const declared = (trial.opened.manifest.secrets ?? []).length > 0;
      const turns: readonly UpstreamTurn[] = trial.claims.has('wire')
        ? [{ text: 'Hi.' }, { error: { status: 401 } }, { error: { status: 500 } }, { fault: 'html' }, { text: ['a', 'b'], fault: 'reset' }, { text: ['a', 'b'], fault: 'cut' }, { text: ['a', 'b'], fault: 'error-event' }]
        : [{ text: 'Hi.' }];
      for (const turn of turns) {
        const backend = await trial.backend([turn]);
        const outcome = await ended(backend.ask(ask(), { includeRaw: true }));
        const shown = shownBy(outcome, backend);
        expectThat(!holds(shown, backend.canary), `the secret is in what the plugin shows of a call ${turn.error === undefined ? `with ${turn.fault ?? 'an answer'}` : `with status ${turn.error.status}`}`);
        if (declared && trial.claims.has('wire')) expectThat(holds(backend.sent, backend.canary), 'the secret did not reach the vendor, so the case says nothing');
      }
    },
  },
  {
    name: 'streams/fifty', title: 'fifty streams at once stay apart', needs: ['chat'],
    run: async (trial) => {
      const turns = Array.from({ length: STREAMS }, (_, index) => ({ text: Array.from({ length: 8 }, () => `<${index}>`), fault: 'every-event' as const }));
      const backend = await trial.backend(turns);
      const outcomes = await Promise.all(turns.map((_, index) => backend.answer(ask({ messages: [{ role: 'user', content: [{ type: 'text', text: `stream ${index}` }] }] }), { id: `call-${index}` })));
      const expected = new Set(turns.map(({ text }) => text.join('')));
      for (const { text } of outcomes) expectThat(expected.delete(text), `a stream gave ${JSON.stringify(text)}, which is mixed or came twice`);
    },
  },
  {
    name: 'streams/slow-reader', title: 'a reader that stops reading stops the plugin: the answer does not pile up in memory', needs: ['chat', 'wire'],
    run: async (trial) => {
      const delta = 'x'.repeat(LONG.deltaBytes);
      const backend = await trial.backend([{ text: Array.from({ length: LONG.deltas }, () => delta) }]);
      const limit = LONG.deltas * LONG.deltaBytes * LONG.held;
      const iterator = backend.run(() => backend.model().stream(ask(), testCall())[Symbol.asyncIterator]());
      let length = 0;
      let next: IteratorResult<unknown> = { done: false, value: [] };
      // Up to the first text, so that the answer is on its way.
      while (!next.done && length === 0) {
        next = await backend.run(() => iterator.next());
        length += textLength(next.value);
      }
      await quiet(() => backend.record.bytesTaken, limit);
      expectThat(backend.record.bytesTaken <= limit, `the plugin took ${backend.record.bytesTaken} bytes of the answer while nobody read`);
      while (!next.done) {
        next = await backend.run(() => iterator.next());
        length += textLength(next.value);
      }
      expectSame(length, LONG.deltas * LONG.deltaBytes, 'the length of the long answer');
    },
  },
  {
    name: 'streams/two-backends', title: 'two backends of the plugin keep their own keys and addresses', needs: ['chat', 'wire'],
    run: async (trial) => {
      const [first, second] = [await trial.backend([{ text: 'from the first' }]), await trial.backend([{ text: 'from the second' }])];
      const answers = await Promise.all([first.answer(), second.answer(), first.answer()]);
      expectSame(answers.map(({ text }) => text), ['from the first', 'from the second', 'from the first'], 'the answers of two backends');
      for (const [own, other] of [[first, second], [second, first]] as const) {
        expectThat(!holds(own.sent, other.canary), 'the key of one backend reached the vendor of the other');
        if ((trial.opened.manifest.secrets ?? []).length > 0) expectThat(holds(own.sent, own.canary), 'the key of a backend did not reach its own vendor');
      }
    },
  },
  {
    name: 'handles/none-left', title: 'after close() no socket and no timer is left', needs: ['chat'],
    run: async (trial) => {
      const handles = trackHandles();
      const turns: readonly UpstreamTurn[] = trial.claims.has('wire') ? [{ text: 'Hi.' }, { error: { status: 500 } }, { text: ['a', 'b'], fault: 'reset' }] : [{ text: 'Hi.' }];
      const backend = await trial.backend(turns);
      for (const _ of turns) await ended(backend.ask());
      await ended(backend.ask(ask(), { signal: AbortSignal.abort(new Error('aborted')) }));
      await ended(backend.close());
      await eventually(() => handles.left().length === 0);
      const left = handles.left();
      handles.stop();
      expectThat(left.length === 0, `left after close(): ${left.join(', ')}`);
    },
  },
];

/** Handles that keep a process alive, by the names Node gives their resources. */
const HANDLES: ReadonlySet<string> = new Set(['Timeout', 'TCPWRAP', 'TLSWRAP', 'PIPEWRAP', 'UDPWRAP', 'PROCESSWRAP', 'FSEVENTWRAP', 'STATWATCHER', 'WORKER', 'MESSAGEPORT']);

/** Watches the handles that code of the plugin makes from now on. */
function trackHandles(): { readonly left: () => string[]; readonly stop: () => void } {
  const open = new Map<number, { readonly type: string; readonly resource: object }>();
  const hook = createHook({
    init: (id, type, _trigger, resource) => {
      if (HANDLES.has(type) && currentPluginFrame() !== undefined) open.set(id, { type, resource });
    },
    destroy: (id) => { open.delete(id); },
  }).enable();
  return {
    // One without a reference lets the process end, and so may stay.
    left: () => [...open.values()].filter(({ resource }) => (resource as { hasRef?(): boolean }).hasRef?.() !== false).map(({ type }) => type),
    stop: () => { hook.disable(); },
  };
}

/** Waits until a figure has passed a limit, or has not moved for a tenth of a second. */
async function quiet(figure: () => number, limit: number): Promise<void> {
  for (let before = -1; before !== figure() && figure() <= limit;) {
    before = figure();
    await eventually(() => figure() > limit, 100);
  }
}

/** All that a caller or a log can see of a call. */
function shownBy({ error, raw, result }: Outcome, { record }: TestBackend): string {
  const seen: string[] = [inspect([raw, result, record.logged], { depth: 20, maxStringLength: null, maxArrayLength: null })];
  for (let cause: unknown = error; cause !== undefined && seen.length < 10; cause = causeOf(cause)) {
    seen.push(inspect(cause, { depth: 20, showHidden: true }), cause instanceof Error ? (cause.stack ?? '') : '', JSON.stringify(cause) ?? '');
  }
  return seen.join('\n');
}

function causeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
}

/** Whether a text holds a secret as it is, in base64, or escaped for a URL. */
function holds(text: string, secret: string): boolean {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [secret, base64, encodeURIComponent(secret)].some((form) => text.includes(form));
}

function textLength(batch: unknown): number {
  const parts = (Array.isArray(batch) ? batch : [batch]) as readonly ({ readonly type?: string; readonly delta?: string } | undefined)[];
  return parts.reduce((sum, part) => sum + (part?.type === 'text-delta' ? (part.delta?.length ?? 0) : 0), 0);
}
