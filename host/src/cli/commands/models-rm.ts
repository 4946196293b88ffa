/** `modelport models rm`: deletes a model from a backend's machine. */
import { CommandError } from '../command-error.ts';
import { canAsk, confirm } from '../confirm.ts';
import { FAILED } from '../exit-codes.ts';
import { readLocalTarget } from '../local-target.ts';
import type { Define } from '../program.ts';

export const define: Define = (command, session) => {
  command
    .argument('<spec>', 'model:tag@backend, an alias, or the model alone where one backend has local models')
    .option('-y, --yes', 'delete without asking; needed where nobody can be asked')
    .addHelpText('after', `
Examples:
  modelport models rm llama3.2:1b
  modelport models rm llama3.2:1b@local --yes`)
    .action(async (spec: string, { yes = false }: { readonly yes?: boolean }) => {
      await session.withHost(async (host) => {
        const { model, backend } = await readLocalTarget(host, spec);
        const name = `${model}@${backend}`;
        if (!yes) {
          if (session.json || !canAsk()) throw new CommandError('USAGE', `${name} would be deleted from disk, and nobody can be asked here.`, `Say that you mean it: \`modelport models rm ${name} --yes\`.`, { model, backend });
          if (!(await confirm(`Delete ${name} from disk?`, session))) {
            session.exitCode = FAILED;
            return session.err.line('Nothing was deleted.');
          }
        }
        await host.localModels.get(backend).remove(model, { signal: session.signal });
        if (session.json) return session.out.json({ model, backend, removed: true });
        return session.out.line(`${name} is deleted.`);
      });
    });
};
