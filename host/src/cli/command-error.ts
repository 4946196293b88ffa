/** A failure of the command line itself: what is wrong, and what to write instead. */

/** Codes that only the command line has, beside those of the host. */
export type CommandErrorCode =
  /** The words on the command line do not fit. */
  | 'USAGE'
  /** A file is in the way. */
  | 'FILE_EXISTS'
  /** The package manager did not install what was asked for. */
  | 'INSTALL_FAILED'
  /** Something threw where nobody could catch it. */
  | 'CRASHED'
  /** A config of a kind that only a person can edit. */
  | 'NOT_EDITABLE';

/** Has the shape of the host's errors, so that both are told in one way. */
export class CommandError extends Error {
  /** One of `CommandErrorCode`. */
  readonly code: CommandErrorCode;
  /** The command or the step that mends it, as one sentence. */
  readonly remedy: string;
  /** Facts for `--json`. */
  readonly details: object;

  constructor(code: CommandErrorCode, message: string, remedy: string, details: object = {}) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.remedy = remedy;
    this.details = details;
  }
}
