/** Whether a plugin's contract range is one that can be trusted, and which majors of this host lie in it. */
import { CONTRACT_VERSION } from '@modelport/plugin-api';
// Function by function, here and wherever boot compares versions: the index of semver loads twice as many files.
import major from 'semver/functions/major.js';
import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';

/** Versions of the contract this host serves, newest first: the current major, and the one before once there is one. */
export const OFFERED_CONTRACTS: readonly string[] = [CONTRACT_VERSION];

/** A version no contract will reach: a range that holds it promises to fit majors nobody has seen. */
const BEYOND_EVERY_MAJOR = '1000000.0.0';

/**
 * Why a contract range is refused, as a sentence; `undefined` for a good one. Refused: what is no semver range, the empty text, `*`, and
 * ranges with no upper major such as `>=0`, since they claim to fit contracts that do not exist yet.
 */
export function refusedRange(range: string): string | undefined {
  if (range.trim() === '') return 'it is empty; name the contract you were written for, such as "^1.0.0"';
  if (validRange(range) === null) return `"${range}" is no semver range; write one such as "^1.0.0"`;
  if (satisfies(BEYOND_EVERY_MAJOR, range)) return `"${range}" names no upper major, so it would claim contracts that do not exist yet; write one such as "^1.0.0"`;
  return undefined;
}

/** The majors that both the range and this host speak, newest first; empty when they have none in common. */
export function commonMajors(range: string, offers: readonly string[] = OFFERED_CONTRACTS): readonly number[] {
  return offers.filter((version) => satisfies(version, range)).map((version) => major(version));
}
