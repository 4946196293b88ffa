/** Lists of models, health, ranking and tools, for the plugins that offer them. */
import type { ToolCallContext, ToolSource } from '@modelport/plugin-api';
import { testCall } from '../../fake-context.ts';
import { type ConformanceCase, expectSame, expectThat, NotApplicable } from '../case.ts';
import { describeError, type Trial } from '../trial.ts';

/** The cases. */
export const serviceCases: readonly ConformanceCase[] = [
  {
    name: 'models/list', title: 'the list of models has an id each, none twice', needs: ['models'],
    run: async (trial) => {
      const backend = await trial.backend();
      const ids = await backend.run(async () => {
        const found: string[] = [];
        for await (const { id } of backend.provider.listModels?.(testCall()) ?? []) found.push(id);
        return found;
      });
      expectThat(ids.length > 0, 'the list of models is empty');
      expectThat(ids.every((id) => typeof id === 'string' && id !== ''), 'a model in the list has no id');
      expectThat(new Set(ids).size === ids.length, 'a model is listed twice');
    },
  },
  {
    name: 'models/unknown', title: 'a model the vendor does not know is described as undefined', needs: ['models'],
    run: async (trial) => {
      const backend = await trial.backend();
      if (backend.provider.describeModel === undefined) throw new NotApplicable('the provider has no describeModel(): the host searches the list');
      const info = await backend.run(async () => backend.provider.describeModel?.('conformance-no-such-model', testCall()));
      expectThat(info === undefined, `it is described as ${JSON.stringify(info)}`);
    },
  },
  {
    name: 'health/unreachable', title: 'a vendor that is gone is told as unhealthy, not thrown', needs: ['wire'],
    run: async (trial) => {
      const backend = await trial.backend();
      if (backend.provider.checkHealth === undefined) throw new NotApplicable('the provider has no checkHealth()');
      await backend.upstream?.close();
      const health = await backend.run(async () => backend.provider.checkHealth?.(testCall())).catch((error: unknown) => describeError(error));
      expectThat(typeof health === 'object', `checkHealth() threw ${String(health)}`);
      expectThat(health.status !== 'healthy', 'a vendor that is gone is told as healthy');
    },
  },
  {
    name: 'rerank/order', title: 'a ranking names each document at most once, best first', needs: ['rerank'],
    run: async (trial) => {
      const { rerank } = trial.subject.declaration;
      expectThat(rerank, 'the manifest provides "rerank", but the declaration names no rerank model to ask');
      const backend = await trial.backend();
      const result = await backend.run(async () => backend.provider.rerankModel?.(rerank.model).rerank(rerank.request, testCall()));
      const ranking = result?.ranking ?? [];
      const places = ranking.map(({ index }) => index);
      expectThat(places.length > 0 && new Set(places).size === places.length && places.every((place) => place in rerank.request.documents), `the ranking names the documents ${places.join(', ')}`);
      expectThat(ranking.every(({ relevanceScore }, index) => index === 0 || relevanceScore <= (ranking[index - 1]?.relevanceScore ?? 0)), 'the ranking is not best first');
    },
  },
  {
    name: 'tool-source/list', title: 'each tool has a name of its own and an object as its input', needs: ['tool-source'],
    run: async (trial) => {
      const { provider, run } = await toolSource(trial);
      const tools = await run(async () => {
        const found: { readonly name: string; readonly inputSchema: Readonly<Record<string, unknown>> }[] = [];
        for await (const tool of provider.list(testCall())) found.push(tool);
        return found;
      });
      expectThat(tools.length > 0, 'no tool is offered');
      expectThat(new Set(tools.map(({ name }) => name)).size === tools.length, 'two tools share a name');
      for (const { name, inputSchema } of tools) expectThat(inputSchema['type'] === 'object', `the input of "${name}" is no object`);
    },
  },
  {
    name: 'tool-source/execute', title: 'a tool answers its input, and an aborted run rejects with the reason of its signal', needs: ['tool-source'],
    run: async (trial) => {
      const { tool } = trial.subject.declaration;
      expectThat(tool, 'the manifest provides "tools", but the declaration names no tool to run');
      const { provider, run } = await toolSource(trial);
      const execution = { toolName: tool.name, toolCallId: 'call_1', input: tool.input };
      const output = await run(() => provider.execute(execution, toolCall()));
      expectSame('value' in output ? output.value : undefined, tool.output, 'the output');
      const reason = new Error('aborted');
      const error = await run(async () => provider.execute(execution, toolCall(AbortSignal.abort(reason)))).then(() => undefined, (thrown: unknown) => thrown);
      expectThat(error === reason, `an aborted run ${error === undefined ? 'answered' : `rejected with ${describeError(error)}`}`);
    },
  },
];

async function toolSource(trial: Trial): Promise<{ readonly provider: ToolSource; readonly run: <T>(work: () => T) => T }> {
  const backend = await trial.backend();
  expectThat(backend.provider.tools, 'the provider has no tools');
  return { provider: backend.provider.tools, run: (work) => backend.run(work) };
}

function toolCall(signal: AbortSignal = new AbortController().signal): ToolCallContext {
  return { ...testCall({ signal }), idempotencyKey: 'key-1', progress: () => undefined, requestInput: () => Promise.reject(new Error('nobody can answer')) };
}
