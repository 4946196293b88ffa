/** Colours, on a terminal only, and never where NO_COLOR is set. */
import picocolors from 'picocolors';

/** The colours of one output stream; each is the identity where colours are off. */
export type Palette = ReturnType<typeof picocolors.createColors>;

/** Colours for a stream: on for a terminal, unless NO_COLOR is set to anything or TERM is `dumb`. */
export function createPalette(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Palette {
  const wanted = stream.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
  return picocolors.createColors(wanted);
}
