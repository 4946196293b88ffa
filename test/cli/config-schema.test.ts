/** `modelport config schema`: an editor that holds it completes and judges this very config, and no plugin ran to make it. */
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeFolder, type Folder } from './command-line.ts';

const CONFIG = `backends:
  scripted: { plugin: "@modelport/scripted", options: { chunkDelayMs: 5, script: [ { reply: "Hello." } ] } }
  cloud: { plugin: "@modelport/openai", options: { baseUrl: "https://cloud.example/v1" }, models: { own-model: { limits: { contextTokens: 1000 } } } }
  gauge: { plugin: ./gauge, options: { harbour: { name: Brest }, inner: { harbour: { name: Kiel } } } }
  absent: { plugin: modelport-plugin-absent, options: { whatever: true } }
models:
  default: demo@scripted
  both: [ default, own-model@cloud ]
tools:
  calculator: { plugin: "@modelport/calculator" }
  depth: { plugin: ./gauge, options: { harbour: { name: Kiel } } }
agents:
  assistant: { tools: [calculator] }
profiles:
  night: { backends: { gauge: { options: { harbour: { name: Oslo } } } } }
`;

/** Names parts of itself by reference, from its root and from below. */
const OPTIONS = { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'https://example.com/gauge', type: 'object', properties: { harbour: { $ref: '#/$defs/harbour' }, inner: { $ref: '#' } }, additionalProperties: false, $defs: { harbour: { type: 'object', properties: { name: { enum: ['Brest', 'Kiel', 'Oslo'] } }, additionalProperties: false } } };

let folder: Folder;
let schema: object;
beforeAll(async () => {
  folder = await makeFolder({
    'modelport.config.yaml': CONFIG,
    'gauge/package.json': JSON.stringify({ name: 'gauge', version: '1.0.0', type: 'module', exports: './index.js', modelport: { manifest: 1, id: 'gauge', api: '^1.0.0', provides: ['chat'], options: './options.schema.json' } }),
    'gauge/options.schema.json': JSON.stringify(OPTIONS),
    'gauge/index.js': 'import { writeFileSync } from "node:fs"; writeFileSync(new URL("./ran", import.meta.url), ""); throw new Error("this code must not run");',
  });
  await folder.run(['models', 'list', '--live', '--set', 'backends.gauge.enabled=false']);
  const { exitCode, stderr } = await folder.run(['config', 'schema', '--output', '.modelport/config.schema.json']);
  if (exitCode !== 0) throw new Error(stderr);
  schema = JSON.parse(await readFile(path.join(folder.path, '.modelport/config.schema.json'), 'utf8')) as object;
});
afterAll(() => folder[Symbol.asyncDispose]());

/** What an editor marks in a config: the places, deepest first. */
function marks(text: string): readonly string[] {
  const { errors } = new Validator(schema, '2020-12', false).validate(parse(text));
  return [...new Set(errors.map(({ instanceLocation }) => instanceLocation))].sort((a, b) => b.length - a.length);
}

describe('the schema of a config', () => {
  it('was made without running a plugin', async () => {
    await expect(access(path.join(folder.path, 'gauge/ran'))).rejects.toThrow('ENOENT');
  });

  it('accepts the config it was made for, and what the program itself accepts', async () => {
    expect(marks(CONFIG)).toEqual([]);
    expect(marks(CONFIG.replace('default: demo@scripted', 'default: some-new-model@cloud'))).toEqual([]);
    expect((await folder.run(['config', 'show'])).exitCode).toBe(0);
  });

  it.each([
    ['an option that a plugin does not have', 'chunkDelayMs: 5', 'chunkDelayMS: 5', '#/backends/scripted/options'],
    ['an option of the wrong type', 'chunkDelayMs: 5', 'chunkDelayMs: slow', '#/backends/scripted/options/chunkDelayMs'],
    ['a value outside the list that a reference leads to', 'name: Brest', 'name: Breast', '#/backends/gauge/options/harbour/name'],
    ['the same where the schema refers to its own root', 'name: Kiel', 'name: Keil', '#/backends/gauge/options/inner/harbour/name'],
    ['the same in a profile', 'name: Oslo', 'name: Olso', '#/profiles/night/backends/gauge/options/harbour/name'],
    ['an option of a plugin under tools', 'options: { harbour: { name: Kiel } } }\nagents', 'options: { harbor: { name: Kiel } } }\nagents', '#/tools/depth/options'],
    ['an unknown key of a backend', 'plugin: "@modelport/scripted"', 'plugin: "@modelport/scripted", eagr: true', '#/backends/scripted'],
    ['an unknown section', 'agents:', 'agnets:', '#'],
  ])('marks %s', (_what, good, bad, place) => {
    expect(CONFIG).toContain(good);
    expect(marks(CONFIG.replace(good, bad)).some((mark) => mark.startsWith(place))).toBe(true);
  });

  it('offers the aliases, the models listed last and those the config describes, wherever a model is named', () => {
    const { properties } = schema as { readonly properties: { readonly models: { readonly additionalProperties: { readonly anyOf: readonly object[] } }; readonly agents: { readonly additionalProperties: { readonly properties: { readonly model: { readonly anyOf: readonly object[] } } } } } };
    const offered = (properties.models.additionalProperties.anyOf[0] as { readonly enum: readonly string[] }).enum;
    expect(offered).toEqual(expect.arrayContaining(['default', 'both', 'demo@scripted', 'embedding@scripted', 'own-model@cloud']));
    expect(properties.models.additionalProperties.anyOf[1]).toMatchObject({ type: 'array', items: { anyOf: [{ enum: offered }, { type: 'string' }] } });
    expect(properties.agents.additionalProperties.properties.model.anyOf[0]).toEqual({ enum: offered });
  });

  it('describes each option, for the help an editor shows', () => {
    expect(JSON.stringify(schema)).toContain('Pause before each streamed delta, in milliseconds.');
  });
});
