/** One habit of the house: what it promises, and how to see whether the promise holds. */
export interface Step {
  /** The word for it on the command line. */
  readonly name: string;
  /** What holds when the step passes, in a few words for the one line it prints. */
  readonly promise: string;
  /** Looks, and answers with one text per thing found wrong; an empty list is a pass. With `update`, mends what can be generated. */
  run(mode: { readonly update: boolean }): Promise<readonly string[]>;
}
