/** Every config a person may copy is one that the host takes: the examples, and those that stand in pages. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { createHost, readConfig } from '@modelport/host';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
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

describe('the JSON Schema for editors', async () => {
  const schema = JSON.parse(await readFile(path.join(ROOT, 'config', 'modelport.config.schema.json'), 'utf8')) as object;
  const problems = (value: unknown): readonly string[] => new Validator(schema, '2020-12', false).validate(value).errors.map(({ error }) => error);

  it.each(examples.filter((name) => name.endsWith('.yaml')))('accepts %s', async (name) => {
    expect(problems(parse(await readFile(path.join(EXAMPLES, name), 'utf8')))).toEqual([]);
  });

  it('refuses a key that no config has', () => {
    expect(problems({ backend: {} })).not.toEqual([]);
    expect(problems({ backends: { demo: { plugin: '@modelport/scripted', option: {} } } })).not.toEqual([]);
  });
});
