/** Models on this machine: a pull never goes back, ends with `complete`, and can be cancelled. */
import type { LocalModels, PullProgress } from '@modelport/plugin-api';
import { CallError } from '@modelport/plugin-api';
import { testCall } from '../../fake-context.ts';
import { type ConformanceCase, expectThat } from '../case.ts';
import { describeError, letsGo, type TestBackend, type Trial } from '../trial.ts';
import type { UpstreamPull } from '../upstream-adapter.ts';
import { ended } from './abort.ts';

/** The cases. */
export const localCases: readonly ConformanceCase[] = [
  {
    name: 'local/pull', title: 'the figures of a pull never go back, and it ends with complete, once', needs: ['local'],
    run: async (trial) => {
      const { backend, local, pull } = await machine(trial);
      const seen = await ended(backend.run(async () => {
        const steps: PullProgress[] = [];
        for await (const step of local.pull(pull.model, {}, testCall())) steps.push(step);
        return steps;
      }));
      expectThat(seen.at(-1)?.phase === 'complete', `the last step is ${seen.at(-1)?.phase ?? 'missing'}, expected complete`);
      expectThat(seen.filter(({ phase }) => phase === 'complete').length === 1, 'complete came more than once');
      const bytes = seen.flatMap(({ completedBytes }) => (completedBytes === undefined ? [] : [completedBytes]));
      expectThat(bytes.length > 1, 'a pull without figures');
      expectThat(bytes.every((figure, index) => index === 0 || figure >= (bytes[index - 1] ?? 0)), `the bytes go back: ${bytes.join(', ')}`);
      for (const { completedBytes, totalBytes } of seen) expectThat(completedBytes === undefined || totalBytes === undefined || completedBytes <= totalBytes, `${completedBytes} of ${totalBytes} bytes`);
      expectThat((await listed(backend, local)).length > 0, 'nothing is listed after the pull');
    },
  },
  {
    name: 'local/pull-cancel', title: 'an abort ends a pull with its reason and closes the connection', needs: ['local'],
    run: async (trial) => {
      const { backend, local, pull } = await machine(trial);
      pull.stall();
      const controller = new AbortController();
      const reason = new Error('cancelled');
      const error = await ended(backend.run(async () => {
        try {
          for await (const step of local.pull(pull.model, {}, testCall({ signal: controller.signal }))) {
            if (step.phase === 'downloading') setImmediate(() => controller.abort(reason));
          }
          return undefined;
        } catch (thrown) {
          return thrown;
        }
      }));
      expectThat(error === reason, `it ${error === undefined ? 'ended as if whole' : `rejected with ${describeError(error)}`}, expected signal.reason itself`);
      if (trial.claims.has('wire')) expectThat(await letsGo(backend), 'the connection stayed open');
    },
  },
  {
    name: 'local/pull-unknown', title: 'a model that is nowhere is MODEL_NOT_FOUND', needs: ['local'],
    run: async (trial) => {
      const { backend, local } = await machine(trial);
      const error = await ended(backend.run(async () => {
        try {
          for await (const _ of local.pull('conformance-no-such-model', {}, testCall())) void _;
          return undefined;
        } catch (thrown) {
          return thrown;
        }
      }));
      expectThat(CallError.is(error) && error.code === 'MODEL_NOT_FOUND', `it ${error === undefined ? 'ended as if whole' : `threw ${describeError(error)}`}, expected MODEL_NOT_FOUND`);
    },
  },
  {
    name: 'local/remove', title: 'a model that was pulled is listed, and gone after remove()', needs: ['local'],
    run: async (trial) => {
      const { backend, local, pull } = await machine(trial);
      const before = await listed(backend, local);
      await ended(backend.run(async () => {
        for await (const _ of local.pull(pull.model, {}, testCall())) void _;
      }));
      const added = (await listed(backend, local)).filter((id) => !before.includes(id));
      expectThat(added.length === 1, `the pull added ${added.length} models to the list`);
      await backend.run(() => local.remove(added[0] ?? '', testCall()));
      expectThat(!(await listed(backend, local)).includes(added[0] ?? ''), 'the model is still listed after remove()');
      const error = await backend.run(() => local.show(added[0] ?? '', testCall())).then(() => undefined, (thrown: unknown) => thrown);
      expectThat(CallError.is(error) && error.code === 'MODEL_NOT_PULLED', `show() of a removed model ${error === undefined ? 'answered' : `threw ${describeError(error)}`}, expected MODEL_NOT_PULLED`);
    },
  },
];

async function machine(trial: Trial): Promise<{ readonly backend: TestBackend; readonly local: LocalModels; readonly pull: UpstreamPull }> {
  const backend = await trial.backend();
  const { local } = backend.provider;
  expectThat(local, 'the provider has no local');
  const pull = backend.upstream?.pull;
  expectThat(pull, 'it cannot be tested: the upstream of the declaration has no model to pull');
  return { backend, local, pull };
}

async function listed(backend: TestBackend, local: LocalModels): Promise<string[]> {
  return backend.run(async () => {
    const ids: string[] = [];
    for await (const { id } of local.list(testCall())) ids.push(id);
    return ids;
  });
}
