/** The command line about presets and models: what can be named in one word, what is known of a model, and which models fit a need. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, type Folder } from './command-line.ts';

let folder: Folder;

beforeAll(async () => {
  folder = await makeFolder({
    'modelport.config.yaml': `backends:
  openai:
    plugin: "@modelport/openai"
    models:
      gpt-4o: { limits: { outputTokens: 1000 }, capabilities: { seed: true } }
      in-house: { capabilities: { tools: true } }
  mistral: { preset: mistral }
models: { default: gpt-4o@openai }
`,
  });
});

afterAll(() => folder[Symbol.asyncDispose]());

const json = async (...words: string[]): Promise<unknown> => JSON.parse((await folder.run([...words, '--json'])).stdout) as unknown;

describe('backends presets', () => {
  it('lists every preset with vendor, key, address and the day it was checked', async () => {
    const { stdout, exitCode } = await folder.run(['backends', 'presets']);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^PRESET +VENDOR +KEY +ADDRESS +CHECKED$/);
    expect(stdout).toMatch(/^openrouter +OpenRouter +OPENROUTER_API_KEY +https:\/\/openrouter\.ai\/api\/v1 +\d{4}-\d\d-\d\d$/m);
    expect(stdout).toMatch(/^vllm +vLLM +VLLM_API_KEY \(optional\)/m);
    expect(stdout).toMatch(/^github-models .* ended on 2026-07-30/m);
  });

  it('tells all of one, and the same as JSON', async () => {
    const { stdout } = await folder.run(['backends', 'presets', 'azure-deployments']);
    expect(stdout).toContain('authHeader  api-key');
    expect(stdout).toContain('- The model id is the name of the deployment');
    expect(stdout).toContain('backends: { azure-deployments: { preset: azure-deployments } }');
    expect(await json('backends', 'presets', 'mistral')).toMatchObject({ presets: { mistral: { title: 'Mistral', plugin: '@modelport/openai', secrets: { apiKey: { env: 'MISTRAL_API_KEY' } } } } });
    expect(Object.keys((await json('backends', 'presets') as { presets: object }).presets).length).toBeGreaterThan(20);
  });

  it('offers a near name for one that does not exist', async () => {
    const { stderr, exitCode } = await folder.run(['backends', 'presets', 'opnrouter']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Did you mean "openrouter"?')]);
  });
});

describe('models info', () => {
  it('tells each fact with who says it', async () => {
    const { stdout } = await folder.run(['models', 'info', 'default']);
    expect(stdout).toMatch(/^ {2}contextTokens +128000 +catalogue$/m);
    expect(stdout).toMatch(/^ {2}outputTokens +1000 +config$/m);
    expect(stdout).toMatch(/^ {2}tools +yes +catalogue$/m);
    expect(stdout).toMatch(/^ {2}seed +yes +config$/m);
    expect(stdout).toMatch(/^ {2}asOf +\d{4}-\d\d-\d\d +catalogue$/m);
    expect(await json('models', 'info', 'default')).toMatchObject({ targets: [{ info: { id: 'gpt-4o' }, sources: { 'limits.contextTokens': 'catalogue', 'limits.outputTokens': 'config' } }] });
  });

  it('says of a model nobody knows that nothing is known', async () => {
    expect((await folder.run(['models', 'info', 'some-other@mistral'])).stdout).toContain('nothing is known of it');
  });
});

describe('models list with filters', () => {
  it('lists the models that fit over all backends, cheapest first, without asking anyone', async () => {
    const { stdout, stderr, exitCode } = await folder.run(['models', 'list', '--capability', 'tools,image-input', '--max-price', '2', '--min-context', '300000']);
    expect([exitCode, stderr]).toEqual([0, '']);
    const lines = stdout.trim().split('\n').slice(1).map((line) => line.split(/ {2,}/));
    expect(lines.length).toBeGreaterThan(2);
    const prices = lines.map(([, , , input, output]) => Math.max(Number(input), Number(output)));
    expect(prices).toEqual(prices.toSorted((one, other) => one - other));
    expect(prices.every((price) => price <= 2)).toBe(true);
    expect(lines.every(([, , context]) => Number(context) >= 300_000)).toBe(true);
  });

  it('knows backends, vendors and kinds, and what only the config says', async () => {
    const specs = async (...words: string[]): Promise<string[]> => ((await json('models', 'list', ...words)) as { models: { spec: string }[] }).models.map(({ spec }) => spec);
    expect(await specs('--provider', 'mistral', '--kind', 'embedding')).toEqual(['mistral-embed@mistral']);
    expect(await specs('--backend', 'openai', '--capability', 'seed')).toEqual(['gpt-4o@openai']);
    expect(await specs('--capability', 'tools')).toContain('in-house@openai');
    expect(await specs('--capability', 'tools', '--max-price', '100')).not.toContain('in-house@openai');
    // Neither key is set, so neither backend is ready.
    expect(await specs('--available')).toEqual([]);
  });

  it('says so when nothing fits, and refuses a price that is no number', async () => {
    expect((await folder.run(['models', 'list', '--max-price', '0'])).stdout).toContain('No model is known to match');
    expect((await folder.run(['models', 'list', '--max-price', 'cheap'])).exitCode).toBe(2);
  });
});
