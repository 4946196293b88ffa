/** The models of a bridged backend, where the package can list them or its endpoint is known to. */
import { CallError, type Call, type ModelInfo } from '@modelport/plugin-api';
import { readFailedResponse, toCallError } from '@modelport/plugin-api/kit';
import { toBridgeError } from './error.ts';
import type { ProviderFacts } from './provider-facts.ts';
import { fieldsOf, textOf, type Fields } from './specification.ts';

/** Members by which packages list their models themselves. */
const OWN_LISTS = ['getAvailableModels', 'listModels'];

/** How to list the models of that provider; `undefined` where nobody offers a list. */
export function modelLister(facts: ProviderFacts): ((call: Call) => AsyncIterable<ModelInfo>) | undefined {
  const { provider, row, settings } = facts;
  const own = OWN_LISTS.map((name) => (provider as Fields | undefined)?.[name]).find((member) => typeof member === 'function');
  if (own !== undefined) return (call) => ownList(own, provider, call);
  const base = textOf(settings['baseURL']) ?? row.fixedUrl;
  return row.list === undefined || base === undefined ? undefined : (call) => listOfEndpoint(facts, base, call);
}

async function* ownList(ask: unknown, provider: unknown, call: Call): AsyncGenerator<ModelInfo> {
  call.signal.throwIfAborted();
  let answered: unknown;
  try {
    answered = await Reflect.apply(ask as () => unknown, provider, []);
  } catch (error) {
    throw toBridgeError(error, call.signal);
  }
  const models = Array.isArray(answered) ? answered : fieldsOf(answered)['models'];
  for (const model of Array.isArray(models) ? models.map(fieldsOf) : []) {
    const id = textOf(model['id']);
    if (id === undefined) continue;
    const kind = model['modelType'] === 'embedding' ? 'embedding' : model['modelType'] === 'language' ? 'chat' : undefined;
    yield infoOf(id, model, kind);
  }
}

async function* listOfEndpoint({ row, settings, context }: ProviderFacts, base: string, call: Call): AsyncGenerator<ModelInfo> {
  const { path, items = 'data', id = 'id', key = 'bearer', headers = {} } = row.list as NonNullable<typeof row.list>;
  const secret = textOf(settings['apiKey']);
  const credential = secret === undefined || secret === '' || key === 'none' ? {} : key === 'bearer' ? { authorization: `Bearer ${secret}` } : { [key]: secret };
  const response = await context.http.request({ url: base.replace(/\/+$/, '') + path, headers: { accept: 'application/json', ...headers, ...credential } }, call);
  if (response.status >= 400) throw toCallError(await readFailedResponse(response, call.signal));
  const listed = fieldsOf(await response.json())[items];
  if (!Array.isArray(listed)) throw new CallError('PROTOCOL', `The list of models has no "${items}".`);
  for (const model of listed.map(fieldsOf)) {
    const name = textOf(model[id]);
    if (name !== undefined) yield infoOf(name.replace(/^models\//, ''), model, undefined);
  }
}

function infoOf(id: string, model: Fields, kind: 'chat' | 'embedding' | undefined): ModelInfo {
  const name = textOf(model['display_name']) ?? textOf(model['displayName']) ?? textOf(model['name']);
  const description = textOf(model['description']);
  return { id, ...(kind === undefined ? {} : { kind }), ...(name === undefined || name === id ? {} : { name }), ...(description === undefined ? {} : { description }) };
}
