/** Which URLs a model may be given as they are: those that every target of its name fetches itself. */
import { resolveModel } from '../flow/resolve.ts';
import type { Runtime } from '../lifecycle/runtime.ts';
import { runService } from '../models/service-run.ts';
import type { SupportedUrls } from './ai-sdk-language-model.ts';

/** Asks every target, which starts its backend. Throws what a backend met that cannot start, or SPEC_UNKNOWN. */
export async function supportedUrls(runtime: Runtime, name: string): Promise<SupportedUrls> {
  const { targets } = resolveModel(name, runtime.snapshot);
  const found = await Promise.all(targets.map(async (target) => {
    const { urls } = await runService(runtime, { name, wanted: 'chat models', targets: [target] }, (generation, { model }) => generation.chatModel(model), ({ model }) => Promise.resolve({ urls: model.supportedUrls ?? {} }));
    return urls;
  }));
  const [first = {}, ...others] = found;
  return Object.fromEntries(Object.entries(first).map(([type, patterns]) => [type, patterns.filter((pattern) => others.every((urls) => urls[type]?.some(({ source }) => source === pattern.source) === true))]));
}
