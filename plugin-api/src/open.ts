/** A known list of words that may still grow: scalar words are open, so that a new vendor word is data and not a type error. */
/**
 * A string that is one of the `Known` words, or a word this version of the contract has not heard of.
 * Used for scalar words only: an open `type` tag would break narrowing, so a part without a word arrives as `UnknownPart`.
 */
export type Open<Known extends string> = Known | (string & {});
