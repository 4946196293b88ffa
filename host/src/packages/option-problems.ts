/** Faults of options as problems of the config: with the path in the config, and the file and line that wrote the value. */
import type { ConfigProblem } from '../errors/config-problem.ts';
import type { OptionFault } from './option-faults.ts';

/** Where a value of the config was written; `undefined` where no file wrote it. Paths run from the options down. */
export type PlaceOf = (path: readonly (string | number)[]) => { readonly file?: string | undefined; readonly line?: number | undefined; readonly column?: number | undefined } | undefined;

/** Whose options are checked, and where they stand in the config. */
export interface OptionsOwner {
  /** Key under `backends:` or `tools:`. */
  readonly backend: string;
  /** Which of the two declares it. Default `backends`. */
  readonly declaredBy?: 'backends' | 'tools' | undefined;
  /** Tells file and line. Absent for options given in code. */
  readonly place?: PlaceOf | undefined;
}

/** Faults in the order of their lines. A missing key is shown at the line of the object that lacks it. */
export function optionProblems(faults: readonly OptionFault[], owner: OptionsOwner): readonly ConfigProblem[] {
  return faults
    .map(({ kind, path, message, near }): ConfigProblem => {
      const place = nearestPlace(path, owner.place);
      return { kind, path: [owner.declaredBy ?? 'backends', owner.backend, 'options', ...path].join('.'), message, file: place?.file, line: place?.line, column: place?.column, near: near && near.length > 0 ? near : undefined };
    })
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function nearestPlace(path: readonly string[], place: PlaceOf | undefined): ReturnType<PlaceOf> {
  if (place === undefined) return undefined;
  for (let length = path.length; length >= 0; length -= 1) {
    const found = place(path.slice(0, length));
    if (found) return found;
  }
  return undefined;
}
