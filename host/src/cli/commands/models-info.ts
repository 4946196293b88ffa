/** `modelport models info`: what a spec means, and what is known of the models behind it. */
import type { ModelDescription } from '@modelport/host';
import { stateCell } from '../backend-text.ts';
import type { Define } from '../program.ts';
import { indented, tableLines } from '../table.ts';

export const define: Define = (command, session) => {
  command
    .argument('<spec>', 'alias, model@backend or backend/model')
    .option('--live', 'ask the backends first')
    .addHelpText('after', `
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

  async function tellTarget({ model, backend, plugin, state, info }: ModelDescription['targets'][number]): Promise<void> {
    const { paint } = session.out;
    const { capabilities, limits, price } = info;
    const standing = stateCell(state as Parameters<typeof stateCell>[0], paint);
    await session.out.line(`${paint.bold(`${model}@${backend}`)}  ${paint.dim(plugin)}  ${standing.paint?.(standing.text) ?? standing.text}`);
    const facts: [string, string | undefined][] = [
      ['name', info.name], ['kind', info.kind], ['about', info.description], ['docs', info.docs],
      ['deprecated', info.deprecated === undefined ? undefined : info.deprecated ? 'yes' : 'no'],
      ...Object.entries(limits ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
      ['can', listed(capabilities, true)], ['cannot', listed(capabilities, false)],
      ...Object.entries(price ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
    ];
    const known = facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== '');
    await session.out.line(indented(known.length > 0 ? tableLines([], known).join('\n') : paint.dim('nothing is known of it; `--live` asks the backend')));
  }
};

function listed(capabilities: ModelDescription['capabilities'] | undefined, value: boolean): string {
  return Object.entries(capabilities ?? {}).filter(([, has]) => has === value).map(([name]) => name).join(', ');
}
