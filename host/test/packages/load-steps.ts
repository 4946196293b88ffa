/** Takes one configured backend through discovery, manifest, import, options and start, as the host does. */
import type { Plugin, PluginContext, Provider } from '@modelport/plugin-api';
import { type DiscoverRequest, discoverPackage } from '../../src/flow/discover.ts';
import { checkOptions, readManifest } from '../../src/flow/manifest.ts';
import { loadPlugin, startPlugin, validateOptions } from '../../src/flow/plugin.ts';
import { Redactor } from '../../src/secrets/redact.ts';
import type { Expected } from './fixture-project.ts';

/** Short limits: what never comes is reported soon. What should come is waited for without one. */
const SHORT = 20;

/** The context of a plugin, as far as these packages use it. */
export function fakeContext(options: unknown, secret = ''): PluginContext {
  const context = { backend: 'broken', options, secret: (name: string) => ({ name, present: secret !== '', reveal: () => secret }) };
  return context as unknown as PluginContext;
}

/** Runs the steps of one backend named `broken`. */
export async function runSteps(from: DiscoverRequest['from'], packageName: string, expected: Expected): Promise<{ readonly plugin: Plugin; readonly provider: Provider }> {
  const redactor = new Redactor();
  if (expected.secret) redactor.add('apiKey', expected.secret);
  const plugin = expected.plugin ?? packageName;
  const options = expected.options ?? {};
  const place = (): object => ({ file: from.file, line: from.line });
  const limits = { importMs: expected.code === 'PLUGIN_IMPORT_TIMEOUT' ? SHORT : 0, startMs: expected.code === 'PLUGIN_START_TIMEOUT' ? SHORT : 0 };
  const found = await discoverPackage({ plugin, range: expected.range, from });
  const manifest = await readManifest(found, from);
  await checkOptions({ backend: 'broken', plugin, options, manifest, found, place });
  const loaded = await loadPlugin(found, manifest, limits);
  const output = await validateOptions({ plugin: loaded.plugin, options, found, backend: 'broken', place, limits });
  const context = fakeContext(output, expected.secret);
  const provider = await startPlugin({ plugin: loaded.plugin, context, backend: 'broken', found, manifest, limits, signal: new AbortController().signal, redactor });
  return { plugin: loaded.plugin, provider };
}
