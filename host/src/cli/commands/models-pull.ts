/** `modelport models pull`: fetches a model to the machine of a backend. */
import { readLocalTarget } from '../local-target.ts';
import type { Define } from '../program.ts';
import { createPullTeller } from '../pull-progress.ts';

export const define: Define = (command, session) => {
  command
    .argument('<spec>', 'model:tag@backend, an alias, or the model alone where one backend has local models; the tag chooses size and quantization')
    .option('--force', 'ask the server again even when the model is there')
    .addHelpText('after', `
Shows a bar on a terminal, a line per second elsewhere, and with --json one object per line. Ctrl-C cancels; the same command goes on
where it ended.

Examples:
  modelport models pull llama3.2:1b
  modelport models pull qwen3:8b@local --json`)
    .action(async (spec: string, { force = false }: { readonly force?: boolean }) => {
      await session.withHost(async (host) => {
        const target = await readLocalTarget(host, spec);
        const teller = createPullTeller(target, session, process.stdout.isTTY);
        try {
          for await (const progress of host.localModels.get(target.backend).pull(target.model, { force, signal: session.signal })) await teller.tell(progress);
        } catch (error) {
          await teller.end();
          if (session.signal.aborted && !session.json) await session.err.line(`The pull was cancelled. What was fetched is kept: \`modelport models pull ${target.model}@${target.backend}\` goes on.`);
          throw error;
        }
        await teller.end();
      });
    });
};
