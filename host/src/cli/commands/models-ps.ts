/** `modelport models ps`: the models in memory. */
import { tellLists } from '../local-lists.ts';
import type { Define } from '../program.ts';
import { sizeText } from '../size-text.ts';

export const define: Define = (command, session) => {
  command
    .argument('[backend]', 'only this backend; default: every one with local models')
    .addHelpText('after', `
Examples:
  modelport models ps
  modelport models ps --json`)
    .action(async (backend: string | undefined) => {
      await session.withHost((host) => tellLists(host, session, backend, {
        ask: (handle, signal) => handle.running({ signal }),
        heads: ['MODEL', 'MEMORY', 'UNTIL'],
        row: ({ id, memoryBytes, expiresAt }) => [id, sizeText(memoryBytes), expiresAt?.toISOString() ?? ''],
        none: 'no model is loaded',
      }));
    });
};
