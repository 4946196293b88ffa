/** `modelport models ls`: the models on the machines of the backends. */
import { tellLists } from '../local-lists.ts';
import type { Define } from '../program.ts';
import { sizeText } from '../size-text.ts';

export const define: Define = (command, session) => {
  command
    .argument('[backend]', 'only this backend; default: every one with local models')
    .addHelpText('after', `
Examples:
  modelport models ls
  modelport models ls local --json`)
    .action(async (backend: string | undefined) => {
      await session.withHost((host) => tellLists(host, session, backend, {
        ask: (handle, signal) => handle.list({ signal }),
        heads: ['MODEL', 'SIZE', 'PARAMETERS', 'QUANTIZATION', 'CHANGED', 'DIGEST'],
        row: ({ id, sizeBytes, parameters = '', quantization = '', modifiedAt, digest = '' }) => [id, sizeText(sizeBytes), parameters, quantization, modifiedAt?.toISOString().slice(0, 10) ?? '', digest.replace(/^sha256:/, '').slice(0, 12)],
        none: 'no models; `modelport models available` shows some to pull',
      }));
    });
};
