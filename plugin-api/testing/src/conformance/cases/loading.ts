/** A plugin loads as a host loads it, and does nothing before it is asked. */
import { createHost } from '@modelport/host';
import { type ConformanceCase, expectThat, NotApplicable } from '../case.ts';
import { describeError, PROMPT } from '../trial.ts';

const text = ['Hello', ' there.'];

/** The cases. `load/manifest` and `load/module` are told by the runner, which needs both before any other case. */
export const loadingCases: readonly ConformanceCase[] = [
  {
    name: 'load/provider', title: 'start() returns a provider with every member that the manifest provides, and no other', needs: [],
    run: async (trial) => {
      const { provider } = await trial.backend();
      const { provides } = trial.opened.manifest;
      // The host refuses what does not fit; a provider with nothing at all gets this far only when nothing was announced.
      expectThat(typeof provider === 'object' && provides.length > 0, 'the manifest provides nothing');
    },
  },
  {
    name: 'load/start-is-quiet', title: 'start() opens no connection and calls no vendor', needs: [],
    run: async (trial) => {
      const backend = await trial.backend();
      // What start() began in the background gets a few turns to show itself.
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
      expectThat(backend.record.requests === 0, `start() sent ${backend.record.requests} requests`);
      expectThat(trial.ownSockets.length === 0, `start() opened ${trial.ownSockets.join(', ')}`);
    },
  },
  {
    name: 'load/host', title: 'a host serves it: the answer to a prompt arrives', needs: ['chat'],
    run: async (trial) => {
      const model = trial.chat().model;
      const backend = await trial.backend([{ text }]);
      const { plugin, manifest } = trial.opened;
      const secrets = Object.fromEntries((manifest.secrets ?? []).map(({ name }) => [name, backend.canary]));
      const options = { ...backend.upstream?.options, ...trial.subject.declaration.options };
      const host = await createHost({ config: {}, environment: {}, overrides: { backends: { subject: { plugin, options, secrets } }, models: { default: `${model}@subject` } } });
      try {
        const answer = await host.models.get('default').stream(PROMPT).answer;
        expectThat(answer.text === text.join(''), `the host got ${JSON.stringify(answer.text)}, expected ${JSON.stringify(text.join(''))}`);
      } finally {
        await host.close({ drainMs: 0 });
      }
    },
  },
  {
    name: 'load/close-twice', title: 'close() may be called a second time', needs: [],
    run: async (trial) => {
      const backend = await trial.backend();
      const { close } = backend.provider;
      if (close === undefined) throw new NotApplicable('the provider has no close()');
      for (const time of ['first', 'second']) {
        try {
          await backend.run(() => close.call(backend.provider));
        } catch (error) {
          expectThat(false, `the ${time} close() threw ${describeError(error)}`);
        }
      }
    },
  },
  {
    name: 'load/no-own-sockets', title: 'every connection goes through context.http', needs: ['chat', 'wire'],
    run: async (trial) => {
      const backend = await trial.backend([{ text }]);
      await backend.answer();
      expectThat(trial.ownSockets.length === 0, `the plugin opened ${trial.ownSockets.length} of its own: ${trial.ownSockets.join(', ')}`);
      expectThat(backend.record.requests > 0, 'the answer came, but nothing went through context.http');
    },
  },
];
