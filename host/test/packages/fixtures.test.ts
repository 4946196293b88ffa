/** Every broken package is refused with its code, by name, with the command that mends it; every odd one works. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pluginErrors } from '../../src/errors/catalogue.ts';
import { ModelportError } from '../../src/errors/modelport-error.ts';
import { fixtures, installFixture } from './fixture-project.ts';
import { runSteps } from './load-steps.ts';

const broken = await fixtures((name) => !name.startsWith('works-'));
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
    const misnamed = broken.filter(([name, { code = '' }]) => !name.startsWith(code.toLowerCase().replaceAll('_', '-'))).map(([name]) => name);

    expect(misnamed).toEqual([]);
  });

  it('exists for every code of finding, checking, importing and starting a plugin', () => {
    // These two come from the secrets and the adapter of a backend, and the third after the start: none is a fault of a package that loads.
    const elsewhere = new Set(['SECRET_MISSING', 'ADAPTER_UNKNOWN', 'PLUGIN_CRASHED']);
    const without = Object.keys(pluginErrors).filter((code) => !elsewhere.has(code) && !broken.some(([, expected]) => expected.code === code));

    expect(without).toEqual([]);
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
