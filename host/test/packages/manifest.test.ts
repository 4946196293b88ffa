/** A manifest is checked whole before any code of its plugin runs, and the options against its static schema. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@modelport/plugin-api';
import { describe, expect, it } from 'vitest';
import type { ConfigProblem } from '../../src/errors/config-problem.ts';
import type { FoundPackage } from '../../src/flow/discover.ts';
import { checkOptions, readManifest } from '../../src/flow/manifest.ts';
import { refusedRange } from '../../src/packages/contract-range.ts';
import { tempFolder } from './fixture-project.ts';

const from = { file: '/project/modelport.config.yaml', line: 3 };

function foundWith(modelport: unknown, folder = '/project/node_modules/acme'): FoundPackage {
  return {
    name: 'acme', version: '1.2.3', folder, packageFile: join(folder, 'package.json'), how: 'node_modules', resolvedFrom: '/project/node_modules', linked: false,
    packageJson: { name: 'acme', version: '1.2.3', ...(modelport !== undefined && { modelport }) },
  };
}

const smallest = { manifest: 1, id: 'acme', api: '^1.0.0', provides: ['chat'] };

describe('a manifest', () => {
  it('gets its defaults', async () => {
    expect(await readManifest(foundWith(smallest), from)).toEqual({
      manifest: 1, id: 'acme', api: '^1.0.0', provides: ['chat'], secrets: [], permissions: { net: [], env: [], files: [], spawn: [] }, dialect: 'acme', synthetic: false,
    });
  });

  it('keeps all it may say, and ignores keys it does not know', async () => {
    const full = {
      ...smallest, options: './options.schema.json', docs: 'https://acme.example', node: '>=18', dialect: 'openai', later: true,
      secrets: [{ name: 'apiKey', env: ['ACME_API_KEY'], required: true, obtain: 'https://acme.example/keys', later: true }],
      permissions: { net: ['api.acme.example', 'option:baseUrl'], env: ['ACME_PROFILE'], files: ['~/.acme'], spawn: ['acme-login'] },
    };

    const manifest = await readManifest(foundWith(full), from);

    const { later: _word, secrets, ...known } = full;
    expect(manifest).toEqual({ ...known, secrets: [{ name: 'apiKey', env: ['ACME_API_KEY'], required: true, obtain: 'https://acme.example/keys' }], synthetic: false });
    expect(secrets).toHaveLength(1);
  });

  it('that is absent has a stand-in when an adapter loads the package', async () => {
    const manifest = await readManifest({ ...foundWith(undefined), name: '@openrouter/ai-sdk-provider' }, from, { adapter: 'ai-sdk' });

    expect(manifest).toMatchObject({ id: 'openrouter-ai-sdk-provider', provides: [], synthetic: true });
    await expect(readManifest(foundWith(undefined), from)).rejects.toMatchObject({ code: 'MANIFEST_MISSING' });
  });

  it('tells every problem at once, the range among them', async () => {
    await expect(readManifest(foundWith({ ...smallest, id: 'A', api: '*', provides: [], secrets: [{ name: 'k' }, { name: 'k' }] }), from)).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
      details: { problems: [expect.stringContaining('modelport.id'), expect.stringContaining('modelport.provides'), expect.stringContaining('modelport.secrets.1.name'), expect.stringContaining('modelport.api')] },
    });
  });

  it('for another Node names both versions', async () => {
    const found = foundWith({ ...smallest, node: '^22.0.0' });

    await expect(readManifest(found, from, { nodeVersion: '24.1.0' })).rejects.toMatchObject({ code: 'NODE_MISMATCH', details: { wants: '^22.0.0', running: '24.1.0' } });
    await expect(readManifest(found, from, { nodeVersion: '22.19.0' })).resolves.toMatchObject({ node: '^22.0.0' });
  });
});

describe('a contract range', () => {
  it.each(['*', '', ' ', 'x', '>=0', '>=1', '>0.9.0', 'latest', '^1.0.0 || *', '1.0.0 - '])('%j is refused', (range) => {
    expect(refusedRange(range)).toEqual(expect.any(String));
  });

  it.each(['^1.0.0', '~1.0.0', '1', '1.x', '>=1 <3', '^1.0.0 || ^2.0.0', '^7.0.0'])('%j is taken', (range) => {
    expect(refusedRange(range)).toBeUndefined();
  });

  it('that does not fit tells who asked for what and what is offered', async () => {
    const error = readManifest(foundWith({ ...smallest, api: '^2.0.0' }), from);

    await expect(error).rejects.toMatchObject({ code: 'API_MISMATCH', details: { wants: '^2.0.0', offers: ['1.0.0'], from, file: '/project/node_modules/acme/package.json' } });
  });
});

/** The problems of `options` under a schema, at `lines` of the config. */
async function problemsOf(schema: JsonObject, options: object, lines: Readonly<Record<string, number>> = {}): Promise<readonly ConfigProblem[]> {
  const place = (path: readonly (string | number)[]): object | undefined => (lines[path.join('.')] === undefined ? undefined : { file: from.file, line: lines[path.join('.')] });
  const check = checkOptions({ backend: 'mine', plugin: 'acme', options: options as JsonObject, manifest: { options: schema }, found: foundWith(smallest), place });
  return check.then(() => [], (error: { code: string; details: { problems: ConfigProblem[] } }) => {
    expect(error.code).toBe('OPTIONS_INVALID');
    return error.details.problems;
  });
}

describe('static options', () => {
  it('are told all at once, each with its path, its line and near names', async () => {
    const schema = { type: 'object', required: ['account'], properties: { baseUrl: { type: 'string' }, account: { type: 'string' }, region: { enum: ['europe', 'america'] } } };

    expect(await problemsOf(schema, { basUrl: 'x', region: 'eurpe' }, { '': 4, basUrl: 5, region: 6 })).toEqual([
      { kind: 'missing', path: 'backends.mine.options.account', message: 'is missing.', file: from.file, line: 4, column: undefined, near: undefined },
      { kind: 'unknown-key', path: 'backends.mine.options.basUrl', message: 'is no known option.', file: from.file, line: 5, column: undefined, near: ['baseUrl'] },
      { kind: 'unknown-name', path: 'backends.mine.options.region', message: 'expected "europe" or "america".', file: from.file, line: 6, column: undefined, near: ['europe'] },
    ]);
  });

  it('say each fault once, at the value, however deep and whatever leads there', async () => {
    const schema = {
      $defs: { port: { type: 'integer', minimum: 1, maximum: 65_535 } },
      properties: { servers: { type: 'array', items: { type: 'object', properties: { port: { $ref: '#/$defs/port' }, host: { type: 'string' } }, additionalProperties: false } } },
    };

    const problems = await problemsOf(schema, { servers: [{ port: 0 }, { port: 'x' }, { hots: 'a' }] });

    expect(problems.map(({ path, message, near }) => [path.replace('backends.mine.options.', ''), message, near])).toEqual([
      ['servers.0.port', 'expected 1 or more.', undefined],
      ['servers.1.port', 'expected an integer, got a string.', undefined],
      ['servers.2.hots', 'is no known option.', ['host']],
    ]);
  });

  it('of which several forms are allowed name the forms rather than the faults of each', async () => {
    const schema = { properties: { reasoning: { anyOf: [{ type: 'boolean' }, { enum: ['low', 'high'] }, { type: 'object', properties: { effort: { const: 'max' } } }] } } };

    expect(await problemsOf(schema, { reasoning: 7 })).toMatchObject([{ message: 'expected true or false or "low" or "high" or an object, got a number.' }]);
    expect(await problemsOf(schema, { reasoning: 'low' })).toEqual([]);
  });

  it('with keys no schema names are refused unless the schema says that others may come', async () => {
    const properties = { name: { type: 'string' } };

    expect(await problemsOf({ properties }, { nmae: 'x' })).toHaveLength(1);
    expect(await problemsOf({ properties, additionalProperties: false }, { nmae: 'x' })).toHaveLength(1);
    expect(await problemsOf({ allOf: [{ properties }, { properties: { other: {} } }] }, { nmae: 'x', other: 1 })).toHaveLength(1);
    expect(await problemsOf({ properties, additionalProperties: true }, { nmae: 'x' })).toEqual([]);
    expect(await problemsOf({ properties, patternProperties: { '^x-': {} } }, { nmae: 'x' })).toEqual([]);
    expect(await problemsOf({ type: 'object' }, { nmae: 'x' })).toEqual([]);
  });

  it('are never shown by value', async () => {
    const canary = 'sk-canary-0123456789';
    const schema = { properties: { a: { enum: ['x'] }, b: { pattern: '^x$' }, c: { maxLength: 2 }, d: { type: 'number' }, e: { format: 'uri' }, f: { not: { type: 'string' } }, g: { anyOf: [{ const: 1 }] } } };

    const problems = await problemsOf(schema, Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => [key, canary])));

    expect(problems.map(({ path }) => path.at(-1))).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(JSON.stringify(problems)).not.toContain(canary);
  });

  it('declared under tools are told at their path there', async () => {
    const check = checkOptions({ backend: 'files', declaredBy: 'tools', plugin: 'acme', options: { no: 1 }, manifest: { options: { properties: {} } }, found: foundWith(smallest) });

    await expect(check).rejects.toMatchObject({ details: { problems: [{ path: 'tools.files.options.no' }] } });
  });

  it('may not be described by a file that a link leads to outside the package', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'acme'));
    await writeFile(join(folder, 'private.json'), '{}');
    await symlink(join(folder, 'private.json'), join(folder, 'acme', 'options.schema.json'));

    const check = checkOptions({ backend: 'mine', plugin: 'acme', options: {}, manifest: { options: './options.schema.json' }, found: foundWith(smallest, join(folder, 'acme')) });

    await expect(check).rejects.toThrow('leads outside the package');
  });
});
