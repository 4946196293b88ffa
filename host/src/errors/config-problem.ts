/** One thing wrong in a config: where it stands, what was expected, and the nearest valid names. */

/** What kind of mistake a problem is. */
export type ConfigProblemKind =
  | 'syntax'
  | 'wrong-type'
  | 'out-of-range'
  | 'unknown-key'
  | 'unknown-name'
  | 'invalid-name'
  | 'duplicate-name'
  | 'missing'
  | 'missing-variable'
  | 'cycle'
  | 'conflict'
  | 'literal-secret'
  | 'no-effect'
  | 'code-failed';

/** A problem (or, where listed under warnings, a doubt) found in the config. */
export interface ConfigProblem {
  readonly kind: ConfigProblemKind;
  /** Path of keys, dotted: `backends.openai.options.baseUrl`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong and what was expected, as a sentence without the place. */
  readonly message: string;
  /** The file that wrote the value; absent for values that no file wrote (environment, flags, code). */
  readonly file?: string | undefined;
  /** Line in `file`, from 1. */
  readonly line?: number | undefined;
  /** Column in `file`, from 1. */
  readonly column?: number | undefined;
  /** Valid names that are close to what was written, best first. */
  readonly near?: readonly string[] | undefined;
}
