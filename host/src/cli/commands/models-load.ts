/** `modelport models load`: loads a model into memory, so that the first call need not wait for it. */
import { InvalidArgumentError } from 'commander';
import { readLocalTarget } from '../local-target.ts';
import type { Define } from '../program.ts';

const milliseconds: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

export const define: Define = (command, session) => {
  command
    .argument('<spec>', 'model:tag@backend, an alias, or the model alone where one backend has local models')
    .option('--keep-alive <duration>', 'how long it stays loaded after its last call, such as 30s, 10m or 2h; default: the backend’s own', toMilliseconds)
    .addHelpText('after', `
Examples:
  modelport models load llama3.2:1b
  modelport models load llama3.2:1b@local --keep-alive 1h`)
    .action(async (spec: string, { keepAlive }: { readonly keepAlive?: number }) => {
      await session.withHost(async (host) => {
        const { model, backend } = await readLocalTarget(host, spec);
        await host.localModels.get(backend).load(model, { signal: session.signal, ...(keepAlive === undefined ? {} : { keepAliveMs: keepAlive }) });
        if (session.json) return session.out.json({ model, backend, loaded: true });
        return session.out.line(`${model}@${backend} is loaded.`);
      });
    });
};

function toMilliseconds(text: string): number {
  const [, figure, unit = ''] = /^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? [];
  if (figure === undefined) throw new InvalidArgumentError('Write a number and s, m or h, for example 10m.');
  return Number(figure) * milliseconds[unit]!;
}
