/** Every built-in preset, used in one config line, seen on the wire of a scripted upstream: key, path, query and dialect. */
import { createRequire } from 'node:module';
import { builtInPresets, createHost, readConfig, type BuiltInPreset } from '@modelport/host';
import { createOpenAIUpstream, type OpenAIUpstream } from '@modelport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { OpenAIOptions } from '@modelport/openai';

const presets = Object.entries(builtInPresets());
const KEY = 'the-key-of-this-vendor';

/** The issue's list, and the second forms of two vendors. */
const WANTED = [
  'openrouter', 'xai', 'mistral', 'deepseek', 'together', 'fireworks', 'perplexity', 'cohere', 'moonshot', 'zhipu', 'zai', 'qwen', 'cerebras', 'nvidia', 'huggingface', 'github-models',
  'azure', 'azure-deployments', 'gemini', 'vllm', 'lm-studio', 'llama-cpp', 'localai',
];

const Preset = z.strictObject({
  title: z.string().min(1),
  plugin: z.literal('@modelport/openai'),
  options: z.record(z.string(), z.json()),
  secrets: z.strictObject({ apiKey: z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/), optional: z.literal(true).optional() }) }),
  docs: z.url({ protocol: /^https$/ }),
  limits: z.array(z.string().regex(/\.$/)).min(1),
  checked: z.iso.date(),
  retired: z.iso.date().optional(),
});

const baseUrlOf = ({ options }: BuiltInPreset): URL => new URL((options['baseUrl'] as string).replace('${AZURE_OPENAI_ENDPOINT}', 'https://acme.openai.azure.com'));

/** Runs one call through a host whose config names the preset, with the vendor's host replaced and its path kept. */
async function callThrough(name: string, preset: BuiltInPreset): Promise<{ readonly upstream: OpenAIUpstream; readonly path: string }> {
  const pathname = baseUrlOf(preset).pathname.replace(/\/$/, '');
  const upstream = await createOpenAIUpstream({ turns: [{ text: 'It speaks.' }], apiKey: KEY, basePath: pathname.replace(':model', 'm-1') });
  const host = await createHost({
    cwd: import.meta.dirname,
    environment: { [preset.secrets['apiKey']!.env]: KEY, OPENAI_API_KEY: 'sk-of-another-vendor' },
    config: {
      backends: { it: { preset: name, options: { baseUrl: `${new URL(upstream.baseUrl).origin}${pathname}` } } },
      models: { default: { spec: 'm-1@it', seed: 3, maxOutputTokens: 9, topK: 4 } },
      log: { level: 'silent' },
    },
  });
  onTestFinished(async () => {
    await host.close();
    await upstream.close();
  });
  expect((await host.models.get('default').generate('Hi')).text).toBe('It speaks.');
  expect(await host.models.get('default').stream('Hi').answer).toMatchObject({ text: 'It speaks.' });
  return { upstream, path: pathname.replace(':model', 'm-1') };
}

describe('the table of presets', () => {
  it('has every vendor of the list, each with key, address, docs, limits and the day it was checked', () => {
    expect(presets.map(([name]) => name)).toEqual(WANTED);
    for (const [name, preset] of presets) expect(() => Preset.parse(preset), name).not.toThrow();
  });

  it('sets only options the plugin has, and no two vendors share a dialect but those that share their data', () => {
    for (const [name, preset] of presets) expect(() => OpenAIOptions.parse({ ...preset.options, baseUrl: baseUrlOf(preset).href }), name).not.toThrow();
    const dialects = Map.groupBy(presets, ([, { options }]) => options['dialect']);
    expect([...dialects].filter(([, { length }]) => length > 1).map(([dialect]) => dialect)).toEqual(['zhipu', 'openai']);
  });

  it('is part of the package', () => {
    const { files } = createRequire(import.meta.url)('@modelport/host/package.json') as { files: string[] };
    expect(files).toContain('presets.json');
  });
});

describe('a backend that names a preset', () => {
  it.each(presets)('%s reaches its path with the key of its own variable', async (name, preset) => {
    const { upstream, path } = await callThrough(name, preset);
    const { options } = preset;
    const query = new URLSearchParams((options['query'] ?? {}) as Record<string, string>).toString();
    const [whole, streamed] = upstream.requests;
    for (const request of [whole, streamed]) {
      expect(request?.path).toBe(`${path}${options['api'] === 'responses' ? '/responses' : '/chat/completions'}${query === '' ? '' : `?${query}`}`);
      const { authorization, 'api-key': apiKey } = request?.headers ?? {};
      expect([authorization, apiKey]).toEqual(options['authHeader'] === 'api-key' ? [undefined, KEY] : [`Bearer ${KEY}`, undefined]);
    }
    const body = whole?.body as Record<string, unknown>;
    expect(body['model']).toBe('m-1');
    expect(body['top_k']).toBe(options['topK'] === true ? 4 : undefined);
    // The Responses API has no seed.
    expect([body['seed'], body['random_seed']]).toEqual(options['api'] === 'responses' ? [undefined, undefined] : options['seedParameter'] === 'random_seed' ? [undefined, 3] : [3, undefined]);
    const asked = (streamed?.body ?? {}) as Record<string, unknown>;
    expect(asked['stream_options']).toEqual(options['includeUsage'] === false || options['api'] === 'responses' ? undefined : { include_usage: true });
  });

  it('a local server is asked without a key where none is set', async () => {
    const upstream = await createOpenAIUpstream({ turns: [{ text: 'No key.' }] });
    const host = await createHost({ cwd: import.meta.dirname, environment: { OPENAI_API_KEY: 'sk-of-another-vendor' }, config: { backends: { vllm: { preset: 'vllm', options: { baseUrl: upstream.baseUrl } } } } });
    onTestFinished(async () => {
      await host.close();
      await upstream.close();
    });
    expect((await host.models.get('m@vllm').generate('Hi')).text).toBe('No key.');
    expect(upstream.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('without its key is told by name, and the key of another vendor is not taken', async () => {
    const host = await createHost({ cwd: import.meta.dirname, environment: { OPENAI_API_KEY: 'sk-of-another-vendor' }, config: { backends: { openrouter: { preset: 'openrouter' } } }, log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined } });
    onTestFinished(() => host.close());
    const [backend] = (await host.describe()).backends;
    expect(backend).toMatchObject({ state: 'needs-secret', secrets: [{ name: 'apiKey', present: false, sought: ['env OPENROUTER_API_KEY'] }] });
  });

  it('of Azure asks for the endpoint unless the address is written', async () => {
    const read = (options: Record<string, string>, environment: Record<string, string> = {}) => readConfig({ value: { backends: { azure: { preset: 'azure', options } } }, environment });
    await expect(read({})).rejects.toMatchObject({ code: 'CONFIG_INVALID', details: { problems: [{ kind: 'missing-variable', path: 'backends.azure.options.baseUrl' }] } });
    expect((await read({}, { AZURE_OPENAI_ENDPOINT: 'https://acme.openai.azure.com' })).config.backends['azure']?.options['baseUrl']).toBe('https://acme.openai.azure.com/openai/v1');
    expect((await read({ baseUrl: 'https://my.example/openai/v1' })).config.backends['azure']?.options['baseUrl']).toBe('https://my.example/openai/v1');
  });
});
