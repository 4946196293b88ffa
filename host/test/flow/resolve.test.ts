/** What a name means: aliases of aliases, their settings, and targets that are named twice. */
import { definePlugin, type ChatRequest, type Plugin } from '@modelport/plugin-api';
import type { ConfigInput, Host } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { describe, expect, it, onTestFinished } from 'vitest';

/** Takes down what it is sent; `fails`: whether it then refuses. */
function recording(sent: ChatRequest[], fails = false): Plugin {
  return definePlugin({
    api: 1,
    start: () => {
      if (fails) throw new Error('out of order');
      return {
        chatModel: () => ({
          async *stream(request) {
            sent.push(request);
            yield { type: 'finish', finishReason: { unified: 'stop' }, usage: { inputTokens: {}, outputTokens: {} } };
          },
        }),
      };
    },
  });
}

async function hostOf(models: NonNullable<ConfigInput['models']>): Promise<{ readonly host: Host; readonly sent: ChatRequest[] }> {
  const sent: ChatRequest[] = [];
  const host = await createTestHost({ config: { models }, backends: { a: recording(sent), b: recording(sent), broken: recording(sent, true) } });
  onTestFinished(() => host.close());
  return { host, sent };
}

const targetsOf = async (host: Host, alias: string): Promise<readonly string[] | undefined> => (await host.describe()).models.find(({ name }) => name === alias)?.targets;

describe('an alias of aliases', () => {
  it('is flattened in order, and a target counts where it is named first', async () => {
    const { host } = await hostOf({ first: ['one@a', 'two@b'], second: ['two@b', 'three@a'], all: ['second', 'first', 'four@b'] });
    expect(await targetsOf(host, 'all')).toEqual(['two@b', 'three@a', 'one@a', 'four@b']);
  });

  it('keeps the settings of the alias it names, below its own', async () => {
    const { host, sent } = await hostOf({
      base: { spec: 'm@a', temperature: 0, topP: 0.5, instructions: 'Be brief.', providerOptions: { a: { depth: 1, width: 1 } } },
      middle: { spec: 'base', temperature: 1, providerOptions: { a: { width: 2 } } },
      outer: { spec: 'middle', maxOutputTokens: 9 },
    });
    await host.models.get('outer').generate('hi');
    expect(sent[0]).toMatchObject({ temperature: 1, topP: 0.5, maxOutputTokens: 9, providerOptions: { a: { depth: 1, width: 2 } }, messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }] });
  });

  it('sends each target the settings of the alias that named it, and no other', async () => {
    const { host, sent } = await hostOf({ judge: { spec: 'm@broken', temperature: 0 }, poet: { spec: 'm@b', temperature: 2 }, mixed: ['judge', 'poet'], plain: ['judge', 'm@a'] });
    await host.models.get('mixed').generate('hi');
    await host.models.get('plain').generate('hi');
    expect(sent.map(({ temperature }) => temperature)).toEqual([2, undefined]);
  });

  it('gives way to what the call and the handle say', async () => {
    const { host, sent } = await hostOf({ judge: { spec: 'm@a', temperature: 0, topP: 0.1 }, named: ['judge'] });
    await host.models.get('named').with({ topP: 0.9 }).generate('hi', { temperature: 1.5 });
    expect(sent[0]).toMatchObject({ temperature: 1.5, topP: 0.9 });
  });

  it('tells targets without the config behind them', async () => {
    const { host } = await hostOf({ judge: { spec: 'm@a', temperature: 0 }, named: ['judge'] });
    expect(Object.keys(host.models.get('named').describe().targets[0] ?? {})).toEqual(['backend', 'model', 'state', 'plugin', 'info', 'sources']);
  });
});

describe('the defaults of a handle', () => {
  it('change for every holder from the next call on', async () => {
    const { host, sent } = await hostOf({ fast: 'm@a' });
    const holder = host.models.get('fast');
    await holder.generate('hi');
    host.models.get('fast').reconfigure({ temperature: 0.3 });
    await holder.generate('hi');
    expect(sent.map(({ temperature }) => temperature)).toEqual([undefined, 0.3]);
  });
});
