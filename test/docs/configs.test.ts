/** Every config a person may copy is one that the host takes: the examples, and those that stand in pages. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createHost, readConfig } from '@modelport/host';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../config/check/command.ts';
import { pagesWithFences, writeFences } from '../../config/check/fences.ts';

const EXAMPLES = path.join(ROOT, 'config', 'examples');
const examples = (await readdir(EXAMPLES)).toSorted();

const written = await writeFences(path.join(ROOT, 'test', '.modelport', 'config-fences'), await pagesWithFences());
const configs = written.filter(({ file }) => path.basename(file).startsWith('modelport.config.'));

/** An environment in which every variable has a value, so that a config is judged by what it says. */
const environment = new Proxy<NodeJS.ProcessEnv>({}, { get: (_target, name) => (String(name).startsWith('MODELPORT_') ? undefined : 'value'), has: () => true });

describe('a config to copy', () => {
  it.each(examples)('%s is a config without a problem', async (name) => {
    const { config, warnings } = await readConfig({ file: path.join(EXAMPLES, name), environment });
    expect(Object.keys(config.models)).toContain('default');
    expect(warnings).toEqual([]);
  });

  it.each(configs.map((one) => ({ title: `${one.page}, line ${one.fence.line}`, ...one })))('$title is a config without a problem', async ({ file }) => {
    const { config } = await readConfig({ file, environment });
    expect(Object.keys(config.backends)).not.toEqual([]);
  });

  it('first-run.yaml serves without a key', async () => {
    await using host = await createHost({ config: path.join(EXAMPLES, 'first-run.yaml') });
    const answer = await host.models.get('default').generate('Who are you?');
    expect(answer).toMatchObject({ backend: 'scripted', finishReason: { unified: 'stop' } });
  });

  it('profiles.yaml answers from another backend under its profile', async () => {
    const file = path.join(EXAMPLES, 'profiles.yaml');
    const targets = async (profiles: readonly string[]): Promise<unknown> => (await readConfig({ file, environment, profiles })).config.models['default']?.targets;
    expect(await targets([])).toEqual(['gpt-5-mini@openai']);
    expect(await targets(['offline'])).toEqual(['demo@scripted']);
  });
});
