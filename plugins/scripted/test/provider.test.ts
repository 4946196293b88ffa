import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { PROVIDED_KINDS } from '@modelport/plugin-api';
import type { ChatModel, ModelInfo, PluginContext, Provider } from '@modelport/plugin-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { INTRODUCTION } from '../src/default-script.ts';
import scripted from '../src/index.ts';
import { scriptedOptions } from '../src/options.ts';
import type { ScriptedOptions } from '../src/options.ts';
import { ask, newCall, partsOfAnswer, ofType, textOfAnswer } from './reading.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scripted-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function start(options: unknown): Promise<Provider> {
  // The plugin reads nothing of its context but the options.
  return scripted.start({ options: scriptedOptions.parse(options) } as PluginContext<ScriptedOptions>);
}

function modelOf(provider: Provider, modelId: string): ChatModel {
  const model = provider.chatModel?.(modelId);
  if (model === undefined) throw new Error('no chat model');
  return model;
}

async function answer(provider: Provider, question: string, modelId = 'demo'): Promise<string> {
  return textOfAnswer(modelOf(provider, modelId), ask(question));
}

async function listed(provider: Provider): Promise<ModelInfo[]> {
  const models: ModelInfo[] = [];
  for await (const model of provider.listModels?.(newCall()) ?? []) models.push(model);
  return models;
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('the script', () => {
  test('is the default one without options', async () => {
    expect(await answer(await start({}), 'Who are you?')).toBe(INTRODUCTION);
  });

  test('stands in the options as data', async () => {
    const provider = await start({ script: [{ match: { regex: 'I am (\\w+)' }, reply: 'Hello {{1}}.' }, { match: { model: 'big' }, reply: 'Big.' }, { reply: 'Small.' }] });
    expect([await answer(provider, 'I am Ada'), await answer(provider, 'x', 'big'), await answer(provider, 'x')]).toEqual(['Hello Ada.', 'Big.', 'Small.']);
  });

  test('stands in a file, named by path or URL', async () => {
    const path = await file('good.json', JSON.stringify([{ reply: 'From a file.' }]));
    expect(await answer(await start({ script: path }), 'x')).toBe('From a file.');
    expect(await answer(await start({ script: pathToFileURL(path).href }), 'x')).toBe('From a file.');
  });

  test('counts the requests to a model even when the host asks for the model anew', async () => {
    const provider = await start({ script: [{ match: { call: 2 }, reply: 'second' }, { reply: 'other' }] });
    expect([await answer(provider, 'x'), await answer(provider, 'x', 'b'), await answer(provider, 'x')]).toEqual(['other', 'other', 'second']);
  });

  test('that is no JSON, no script, missing or named by a relative path is told with its file', async () => {
    const broken = await file('broken.json', '[{');
    const wrong = await file('wrong.json', JSON.stringify([{ reply: [{ txt: 'x' }] }]));
    await expect(start({ script: broken })).rejects.toThrow(`${broken} is not JSON`);
    await expect(start({ script: wrong })).rejects.toThrow(`${wrong} is not a script`);
    await expect(start({ script: join(folder, 'none.json') })).rejects.toThrow(/none\.json cannot be read/);
    await expect(start({ script: './demo.json' })).rejects.toThrow(/relative path '\.\/demo\.json': write an absolute path/);
  });
});

describe('models', () => {
  test('demo, embedding and what the options list', async () => {
    const models = await listed(await start({ models: [{ id: 'vision', capabilities: { 'image-input': true, tools: false }, limits: { contextTokens: 1000 } }] }));
    expect(models).toMatchObject([
      { id: 'demo', kind: 'chat', capabilities: { streaming: true, tools: true, 'json-schema': true, logprobs: false } },
      { id: 'embedding', kind: 'embedding', limits: { dimensions: 8 } },
      { id: 'vision', kind: 'chat', capabilities: { 'image-input': true, tools: false, streaming: true }, limits: { contextTokens: 1000 } },
    ]);
    expect(models[0]?.capabilities).not.toHaveProperty('image-input');
  });

  test('one is described, an unlisted one is unknown and answers all the same', async () => {
    const provider = await start({});
    expect([await provider.describeModel?.('demo', newCall()), await provider.describeModel?.('other', newCall())])
      .toEqual([expect.objectContaining({ id: 'demo' }), undefined]);
    expect(await answer(provider, 'Hello', 'other')).toBe(INTRODUCTION);
  });

  test('the answer names the model that was asked for', async () => {
    const parts = await partsOfAnswer(modelOf(await start({}), 'other'), ask('Hello'));
    expect(ofType(parts, 'response-metadata')[0]?.modelId).toBe('other');
  });
});

test('the backend is healthy, and close may be called twice', async () => {
  const provider = await start({});
  expect(await provider.checkHealth?.(newCall())).toEqual({ status: 'healthy' });
  await provider.close?.();
  await provider.close?.();
});

describe('options', () => {
  test('options.schema.json is the schema of the code (mend with vitest -u)', async () => {
    const schema = z.toJSONSchema(scriptedOptions, { io: 'input', target: 'draft-2020-12', reused: 'ref' });
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../options.schema.json');
  });

  test.each([
    ['an unknown key', { scripts: [] }],
    ['an unknown capability', { models: [{ id: 'a', capabilities: { flying: true } }] }],
    ['an empty script', { script: [] }],
    ['a chunk of no words', { chunkWords: 0 }],
  ])('%s is refused', (_title, options) => {
    expect(scriptedOptions.safeParse(options).success).toBe(false);
  });

  test('the manifest names the schema, and every member of the provider', async () => {
    const { modelport } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { modelport: { options: string; provides: string[] } };
    expect(modelport.options).toBe('./options.schema.json');
    expect(modelport.provides.filter((word) => (PROVIDED_KINDS as readonly string[]).includes(word))).toEqual(['chat', 'embedding', 'models']);
    expect(Object.keys(await start({})).toSorted()).toEqual(['chatModel', 'checkHealth', 'close', 'describeModel', 'embeddingModel', 'listModels']);
  });
});
