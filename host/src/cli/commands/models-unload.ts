/** `modelport models unload`: frees the memory of a model. */
import { readLocalTarget } from '../local-target.ts';
import type { Define } from '../program.ts';

export const define: Define = (command, session) => {
  command
    .argument('<spec>', 'model:tag@backend, an alias, or the model alone where one backend has local models')
    .addHelpText('after', `
Examples:
  modelport models unload llama3.2:1b`)
    .action(async (spec: string) => {
      await session.withHost(async (host) => {
        const { model, backend } = await readLocalTarget(host, spec);
        await host.localModels.get(backend).unload(model, { signal: session.signal });
        if (session.json) return session.out.json({ model, backend, loaded: false });
        return session.out.line(`${model}@${backend} is not in memory.`);
      });
    });
};
