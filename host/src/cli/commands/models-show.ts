/** `modelport models show`: what is known of a model on a backend's machine. */
import { readLocalTarget } from '../local-target.ts';
import type { Define } from '../program.ts';
import { sizeText } from '../size-text.ts';
import { indented, tableLines } from '../table.ts';

export const define: Define = (command, session) => {
  command
    .argument('<spec>', 'model:tag@backend, an alias, or the model alone where one backend has local models')
    .addHelpText('after', `
Examples:
  modelport models show llama3.2:1b
  modelport models show llama3.2:1b@local --json`)
    .action(async (spec: string) => {
      await session.withHost(async (host) => {
        const { model, backend } = await readLocalTarget(host, spec);
        const details = await host.localModels.get(backend).show(model, { signal: session.signal });
        if (session.json) return session.out.json({ backend, ...details });
        const { paint } = session.out;
        const can = Object.entries(details.info?.capabilities ?? {});
        const facts: readonly (readonly [string, string | undefined])[] = [
          ['size', sizeText(details.sizeBytes)], ['parameters', details.parameters], ['quantization', details.quantization],
          ['changed', details.modifiedAt?.toISOString()], ['digest', details.digest], ['kind', details.info?.kind],
          ...Object.entries(details.info?.limits ?? {}).map(([name, value]) => [name, String(value)] as const),
          ['can', can.filter(([, has]) => has).map(([name]) => name).join(', ')], ['cannot', can.filter(([, has]) => !has).map(([name]) => name).join(', ')],
        ];
        await session.out.line(paint.bold(`${details.id}@${backend}`));
        await session.out.line(indented(tableLines([], facts.flatMap(([name, text]) => (text === undefined || text === '' ? [] : [[name, text]]))).join('\n')));
      });
    });
};
