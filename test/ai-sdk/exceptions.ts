/** The cells of the matrix that are no pass, each with its reason: a cell that fails without one, or passes with one, fails the test. */

/** Reasons by target and behaviour. */
export const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
