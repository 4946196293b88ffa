/** `modelport models info`: what a spec means, and what is known of the models behind it, each fact with who says it. */
import type { FactSource, ModelDescription } from '@modelport/host';
import { stateCell } from '../backend-text.ts';
import type { Define } from '../program.ts';
import { indented, tableLines } from '../table.ts';

export const define: Define = (command, session) => {
  command
    .argument('<spec>', 'alias, model@backend or backend/model')
    .option('--live', 'ask the backends first')
    .addHelpText('after', `
The last column says who a fact is from: live (the backend, when it was asked), plugin (its manifest), catalogue (the one that comes with
modelport) or config (\`backends.NAME.models.ID\`, which wins over all).

Examples:
  modelport models info default
  modelport models info gpt-5-mini@openai --live`)
    .action(async (spec: string, { live = false }: { readonly live?: boolean }) => {
      await session.withHost(async (host) => {
        const handle = host.models.get(spec);
        if (live) {
          const { backends } = await host.describe();
          const able = new Set(backends.filter(({ provides }) => provides.includes('models')).map(({ name }) => name));
          const asked = new Set(handle.describe().targets.map(({ backend }) => backend).filter((backend) => able.has(backend)));
          for (const backend of asked) await host.listModels(backend, { signal: session.signal });
        }
        const description = handle.describe();
        if (session.json) await session.out.json(description);
        else for (const target of description.targets) await tellTarget(target);
      });
    });

  async function tellTarget({ model, backend, plugin, state, info, sources }: ModelDescription['targets'][number]): Promise<void> {
    const { paint } = session.out;
    const standing = stateCell(state as Parameters<typeof stateCell>[0], paint);
    await session.out.line(`${paint.bold(`${model}@${backend}`)}  ${paint.dim(plugin)}  ${standing.paint?.(standing.text) ?? standing.text}`);
    const rows = factsOf(info).map(([field, value, path]) => [field, value, { text: sourceOf(sources, path), paint: paint.dim }]);
    await session.out.line(indented(rows.length > 0 ? tableLines([], rows).join('\n') : paint.dim('nothing is known of it; `--live` asks the backend')));
  }
};

/** Each known fact: what it is called, its value, and its path in the sources. */
function factsOf(info: ModelDescription['targets'][number]['info']): readonly [string, string, string][] {
  const { name, kind, description, docs, deprecated, limits = {}, capabilities = {}, price = {} } = info;
  const texts: readonly (readonly [string, string | undefined, string])[] = [['name', name, 'name'], ['kind', kind, 'kind'], ['about', description, 'description'], ['docs', docs, 'docs']];
  return [
    ...texts.flatMap(([label, text, path]): [string, string, string][] => (text === undefined ? [] : [[label, text, path]])),
    ...(deprecated === undefined ? [] : [['deprecated', deprecated ? 'yes' : 'no', 'deprecated'] as [string, string, string]]),
    ...Object.entries(limits).map(([limit, value]): [string, string, string] => [limit, String(value), `limits.${limit}`]),
    ...Object.entries(capabilities).map(([capability, has]): [string, string, string] => [capability, has ? 'yes' : 'no', `capabilities.${capability}`]),
    ...Object.entries(price).map(([figure, value]): [string, string, string] => [figure, String(value), 'price']),
  ];
}

function sourceOf(sources: Readonly<Record<string, FactSource>>, path: string): string {
  return sources[path] ?? '';
}
