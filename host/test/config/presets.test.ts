import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInPresets } from '../../src/config/built-in-presets.ts';
import { configFolder, load, loadYaml, problemsOf } from './config-folder.ts';

describe('a built-in preset', () => {
  it('stands below what the backend says', async () => {
    const { config } = await loadYaml('backends:\n  openrouter: { preset: openrouter, options: { topK: false, store: true } }\n');
    const { options, plugin, secrets } = builtInPresets()['openrouter']!;
    expect(config.backends['openrouter']).toMatchObject({ plugin, secrets, preset: 'openrouter', options: { ...options, topK: false, store: true } });
  });

  it('is looked up from the file that names it, and its values count as written there', async () => {
    const folder = await configFolder({ 'modelport.config.yaml': 'extends: ./team/base.yaml\nbackends:\n  here: { preset: xai }\n', 'team/base.yaml': 'backends:\n  there:\n    preset: mistral\n' });
    const loaded = await load(folder);
    expect(loaded.config.backends['here']?.from).toMatchObject({ folder, line: 3 });
    expect(loaded.config.backends['there']?.from).toMatchObject({ folder: join(folder, 'team'), line: 3 });
    expect(loaded.origin(['backends', 'there', 'options', 'baseUrl'])).toMatchObject({ file: join(folder, 'team/base.yaml'), line: 3 });
  });

  it('gives way whole to an entry of its name under presets', async () => {
    const { config } = await loadYaml('presets:\n  vllm: { plugin: "@acme/own", options: { a: 1 } }\nbackends:\n  one: { preset: vllm }\n');
    expect(config.backends['one']).toMatchObject({ plugin: '@acme/own', options: { a: 1 }, secrets: {} });
    expect(Object.keys(config.backends['one']!.options)).toEqual(['a']);
  });

  it('has its secret replaced, not joined, by the backend’s own reference', async () => {
    const { config } = await loadYaml('backends:\n  one: { preset: openrouter, secrets: { apiKey: { command: [pass, show, it] } } }\n');
    expect(config.backends['one']?.secrets).toEqual({ apiKey: { command: ['pass', 'show', 'it'] } });
  });

  it('that does not exist is told with near names of both kinds', async () => {
    const problems = await problemsOf(loadYaml('presets:\n  company: { plugin: acme }\nbackends:\n  one: { preset: opnrouter }\n  two: { preset: compny }\n  three: { preset: constructor }\n'));
    expect(problems).toMatchObject([
      { kind: 'unknown-name', path: 'backends.one.preset', line: 4, near: ['openrouter'] },
      { kind: 'unknown-name', path: 'backends.two.preset', line: 5, near: ['company'] },
      { kind: 'unknown-name', path: 'backends.three.preset', line: 6 },
    ]);
  });

  it('of a vendor that ended its service warns where it is named', async () => {
    const { warnings } = await loadYaml('backends:\n  hub: { preset: github-models }\n');
    expect(warnings).toMatchObject([{ kind: 'no-effect', path: 'backends.hub.preset', line: 2 }]);
    expect(warnings[0]?.message).toMatch(/^GitHub Models ended its service on 2026-07-30/);
  });

  it('raises no doubt of its own when a file names it', async () => {
    const names = Object.keys(builtInPresets()).filter((name) => builtInPresets()[name]?.retired === undefined);
    const { warnings } = await loadYaml(`backends:\n${names.map((name) => `  ${name}: { preset: ${name} }\n`).join('')}`, { environment: { AZURE_OPENAI_ENDPOINT: 'https://acme.openai.azure.com' } });
    expect(warnings).toEqual([]);
  });

  it('asks for nothing where no backend names it', async () => {
    const { warnings, config } = await loadYaml('backends:\n  one: { plugin: acme }\n');
    expect([warnings, config.backends['one']?.secrets]).toEqual([[], {}]);
  });
});
