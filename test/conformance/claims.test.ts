/** What a plugin claims is asked: by its manifest, its declaration and its own description; a claim that cannot be shown fails. */
import { conformanceCases, describeConformance, formatReport, openAIUpstream, runConformance, type CaseResult, type ConformanceDeclaration, type ConformanceOptions, type UpstreamAdapter } from '@modelport/testing/conformance';
import { describe, expect, test } from 'vitest';

const folder = new URL('../fixtures/nonconforming/sound/', import.meta.url).pathname;
const upstream = openAIUpstream();
const chat = { model: 'scripted' } as const;

async function resultOf(name: string, declaration: ConformanceDeclaration, more: Partial<ConformanceOptions> = {}): Promise<CaseResult> {
  const { cases } = await runConformance({ folder, declaration, only: [name], ...more });
  expect(cases.map((one) => one.name)).toEqual([name]);
  return cases[0] as CaseResult;
}

describe('a claim', () => {
  test('of the manifest that the declaration says nothing of fails its cases', async () => {
    expect(await resultOf('chat/answer', { upstream })).toMatchObject({ status: 'failed', reason: 'the manifest provides "chat", but the declaration names no chat model to ask' });
    expect(await resultOf('embeddings/order', { upstream })).toMatchObject({ status: 'failed' });
    expect(await resultOf('rerank/order', { upstream })).toMatchObject({ status: 'failed' });
    expect(await resultOf('tool-source/execute', { upstream })).toMatchObject({ status: 'failed' });
  });

  test('to speak to hosts, with an upstream that has no wire to look at, fails', async () => {
    const withoutWire: UpstreamAdapter = {
      start: async (turns) => {
        const { wire: _, ...running } = await upstream.start(turns);
        return running;
      },
    };
    expect(await resultOf('errors/no-retry', { upstream: withoutWire, chat })).toMatchObject({ status: 'failed', reason: 'the manifest declares hosts, but the upstream of the declaration has no wire to look at' });
  });

  test('that is not made skips its cases, and the report says which', async () => {
    expect(await resultOf('tools/single', { upstream, chat })).toMatchObject({ status: 'skipped', capability: ['chat', 'tools'], reason: 'the model does not claim "tools"' });
    expect(await resultOf('local/pull', { upstream, chat })).toMatchObject({ status: 'skipped', reason: 'the manifest does not provide "local"' });
  });

  test('of the declaration turns its cases on', async () => {
    expect(await resultOf('tools/single', { upstream, chat: { ...chat, capabilities: ['tools'] } })).toMatchObject({ status: 'passed' });
  });

  test('of the plugin’s own description counts though the declaration leaves it out', async () => {
    const { broken, sound } = (await import(new URL('../fixtures/nonconforming/sound/index.js', import.meta.url).href)) as { readonly broken: (changes: object) => NonNullable<ConformanceOptions['plugin']>; readonly sound: object };
    const plugin = broken({ ...sound, describeModel: (id: string) => Promise.resolve({ id, capabilities: { tools: true, reasoning: false } }) });
    expect(await resultOf('tools/single', { upstream, chat }, { plugin })).toMatchObject({ status: 'passed' });
    expect(await resultOf('reasoning/channel', { upstream, chat }, { plugin })).toMatchObject({ status: 'skipped' });
  });
});

describe('a plugin that does not load', () => {
  test('fails every case with the reason, and the opening cases by themselves', async () => {
    const { cases, ok } = await runConformance({ folder: new URL('../load-manifest/', `file://${folder}`).pathname, declaration: { upstream, chat } });
    expect(ok).toBe(false);
    expect(cases.length).toBe(conformanceCases.length);
    expect(cases.every(({ status, reason }) => status === 'failed' && reason?.includes('MANIFEST_INVALID'))).toBe(true);
  });
});

test('a plugin that never answers fails its case within the limit, and the kit goes on', async () => {
  const { broken } = (await import(new URL('../fixtures/nonconforming/sound/index.js', import.meta.url).href)) as { readonly broken: (changes: object) => NonNullable<ConformanceOptions['plugin']> };
  const plugin = broken({ post: () => new Promise(() => undefined) });
  const { cases } = await runConformance({ folder, plugin, declaration: { upstream, chat }, only: ['chat/answer', 'models/list'], caseLimitMs: 300 });
  expect(cases).toMatchObject([{ name: 'chat/answer', status: 'failed', reason: 'it did not end within 300 ms' }, { name: 'models/list', status: 'passed' }]);
});

describe('describeConformance', () => {
  /** A framework that keeps what is registered. */
  async function registered(declaration: ConformanceDeclaration): Promise<{ readonly group: string; readonly outcomes: ReadonlyMap<string, string> }> {
    const tests = new Map<string, (context: { skip(reason?: string): unknown }) => Promise<void>>();
    let group = '';
    describeConformance({ folder, declaration }, {
      describe: (name, body) => {
        group = name;
        body();
      },
      test: (name, body) => void tests.set(name.split(':')[0] ?? '', body),
    });
    const outcomes = new Map<string, string>();
    for (const [name, body] of tests) {
      if (!name.startsWith('chat/') && !name.startsWith('local/') && !name.startsWith('embeddings/')) continue;
      let outcome = 'passed';
      await body({ skip: (reason) => { outcome = `skipped: ${reason}`; } }).catch((error: unknown) => { outcome = `failed: ${(error as Error).message}`; });
      outcomes.set(name, outcome);
    }
    expect([...tests.keys()]).toEqual(conformanceCases.map(({ name }) => name));
    return { group, outcomes };
  }

  test('registers a test for each case, which passes, fails with the reason, or is skipped with it', async () => {
    const { group, outcomes } = await registered({ name: 'one way', upstream, chat });
    expect(group).toBe('conformance of nonconforming-sound (one way)');
    expect(outcomes.get('chat/answer')).toBe('passed');
    expect(outcomes.get('local/pull')).toBe('skipped: the manifest does not provide "local"');
    expect(outcomes.get('embeddings/order')).toMatch(/^failed: the manifest provides "embedding"/);
  });
});

test('a report as text groups what was not asked by its reason', async () => {
  const report = await runConformance({ folder, declaration: { upstream, chat }, only: ['chat/answer', 'tools/single', 'tools/parallel', 'embeddings/order'] });
  expect(formatReport(report)).toBe(`nonconforming-sound 1.0.0
  ok    chat/answer       the text of the vendor arrives whole, and one request carried the prompt
  FAIL  embeddings/order  there is one vector per text, in the order of the texts
        the manifest provides "embedding", but the declaration names no embedding model to ask

  not asked, because the model does not claim "tools":
    tools/single, tools/parallel

1 passed, 1 failed, 2 skipped.`);
});
