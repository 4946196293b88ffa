/** A key that is taken but does nothing yet says so where it is written. */
import { expect, test } from 'vitest';
import { readConfig } from '../../src/flow/config.ts';

const backends = { a: { plugin: 'acme' } };

async function told(value: object): Promise<string[]> {
  const { warnings } = await readConfig({ value, environment: {} });
  return warnings.filter(({ kind }) => kind === 'no-effect').map(({ path }) => path).toSorted();
}

test('keys of calls without an effect are told at the top, a backend, an alias and an agent', async () => {
  expect(await told({
    backends: { a: { plugin: 'acme', calls: { limits: { concurrency: 2 } } } },
    models: { default: { spec: 'm@a', calls: { retry: { attempts: 2 } } } },
    agents: { helper: { calls: { cache: false }, unfinishedTool: 'fail' } },
    calls: { breaker: false, timeouts: { idleMs: 5 } },
  })).toEqual(['backends.a.calls.limits', 'models.default.calls.retry', 'agents.helper.unfinishedTool', 'agents.helper.calls', 'calls.breaker'].toSorted());
});

test('whole sections without an effect are told', async () => {
  expect(await told({ backends, store: 'memory', telemetry: { content: true }, policy: { scripts: true, plugins: { allow: ['*'] } }, budgets: [{ per: 'day', usd: 1 }] }))
    .toEqual(['budgets', 'policy.scripts', 'store', 'telemetry']);
});

test('a config that only uses what works is told nothing', async () => {
  expect(await told({ backends, models: { default: 'm@a' }, calls: { timeouts: { totalMs: 1000 } }, reload: { watch: false } })).toEqual([]);
});
