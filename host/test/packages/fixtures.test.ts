/** Every broken package is refused with its code, by name, with the command that mends it; every odd one works. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pluginErrors } from '../../src/errors/catalogue.ts';
import { ModelportError } from '../../src/errors/modelport-error.ts';
import { discoverPackage } from '../../src/flow/discover.ts';
import { readManifest } from '../../src/flow/manifest.ts';
import { fixtures, installFixture } from './fixture-project.ts';
import { runSteps } from './load-steps.ts';

const everyBroken = await fixtures((name) => !name.startsWith('works-'));
const broken = everyBroken.filter(([, { beyond }]) => beyond === undefined);
const beyond = everyBroken.filter(([, expected]) => expected.beyond === 'host');
const odd = await fixtures((name) => name.startsWith('works-'));

describe('a broken package', () => {
  it.each(broken)('%s is refused and says why', async (name, expected) => {
    const { from, packageName } = await installFixture(name);

    const error = await runSteps(from, packageName, expected).then(() => undefined, (thrown: unknown) => thrown);

    if (!ModelportError.is(error)) throw new Error(`expected a ModelportError, got ${inspect(error)}`);
    expect(error.code).toBe(expected.code);
    const shown = `${error.message}\n${error.remedy}`;
    expect(expected.mentions?.length).toBeGreaterThan(0);
    for (const words of expected.mentions ?? []) expect(shown).toContain(words);
    const everything = `${shown}\n${inspect(error, { depth: 10, showHidden: true })}\n${JSON.stringify(error)}`;
    for (const words of expected.hides ?? []) expect(everything).not.toContain(words);
  });

  it('stands in a folder named after its code', () => {
    const misnamed = everyBroken.filter(([name, { code = '' }]) => !name.startsWith(code.toLowerCase().replaceAll('_', '-'))).map(([name]) => name);

    expect(misnamed).toEqual([]);
  });

  it('exists for every code of finding, checking, importing and starting a plugin', () => {
    const without = Object.keys(pluginErrors).filter((code) => !everyBroken.some(([, expected]) => expected.code === code));

    expect(without).toEqual([]);
  });
});

describe('a package whose fault shows only in a whole host', () => {
  it.each(beyond)('%s is found and its manifest read', async (name, { adapter }) => {
    const { from, packageName, folder } = await installFixture(name);

    const found = await discoverPackage({ plugin: packageName, from });

    expect(found.folder).toBe(folder);
    expect(await readManifest(found, from, { adapter })).toMatchObject({ synthetic: adapter !== undefined });
  });
});

describe('an odd package', () => {
  it.each(odd)('%s starts', async (name, expected) => {
    const { from, packageName } = await installFixture(name);

    const { plugin, provider } = await runSteps(from, packageName, expected);

    expect(plugin.api).toBe(1);
    expect(provider.chatModel?.('a-model')).toBeTypeOf('object');
  });
});
