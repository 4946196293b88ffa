/** `modelport models probe`: asks a model one short question, to see that key, address and model id are right. */
import type { Define } from '../program.ts';

export const define: Define = (command, session) => {
  command
    .argument('<spec>', 'alias, model@backend or backend/model')
    .addHelpText('after', `
A vendor may charge for the few tokens this takes; \`modelport backends health\` is free.

Example:
  modelport models probe gpt-5-mini@openai`)
    .action(async (spec: string) => {
      await session.withHost(async (host) => {
        const found = await host.probe(spec, { ...(session.signal === undefined ? {} : { signal: session.signal }) });
        if (session.json) await session.out.json(found);
        else await session.out.line(`${session.out.paint.green('ok')}  ${found.model}@${found.backend} answered after ${found.durationMs} ms, ${found.usage.outputTokens.total ?? 'an unknown number of'} output tokens`);
      });
    });
};
