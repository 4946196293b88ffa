/** `modelport models available`: models that could be pulled. */
import { tellLists } from '../local-lists.ts';
import type { Define } from '../program.ts';
import { sizeText } from '../size-text.ts';

export const define: Define = (command, session) => {
  command
    .argument('[backend]', 'only this backend; default: every one with local models')
    .addHelpText('after', `
A backend without a live library shows a short list to begin with and the day it was read; every other id it knows can be pulled too.

Examples:
  modelport models available
  modelport models available local --json`)
    .action(async (backend: string | undefined) => {
      await session.withHost((host) => tellLists(host, session, backend, {
        ask: (handle, signal) => handle.available({ signal }),
        heads: ['MODEL', 'SIZE', 'LIST READ'],
        row: ({ id, sizeBytes, asOf }) => [id, sizeText(sizeBytes), asOf],
        none: 'no list',
      }));
    });
};
