/** What the shell is told: 0 fine, 1 failed, 2 wrong use or wrong config, 128 + the signal's number when a signal ended it. */

/** All went well. */
export const FINE = 0;
/** Something did not work: a call, a plugin, an install. */
export const FAILED = 1;
/** The command line or the config is wrong; nothing was tried. */
export const WRONG_USE = 2;

/** Codes of the host that say: what was asked for does not exist or is not well-formed. */
const wrongUse = new Set([
  'USAGE', 'CONFIG_NOT_FOUND', 'CONFIG_UNREADABLE', 'CONFIG_INVALID', 'OPTIONS_INVALID',
  'SPEC_INVALID', 'SPEC_UNKNOWN', 'ALIAS_REMOVED', 'BACKEND_REMOVED', 'AGENT_UNKNOWN', 'TOOL_UNKNOWN', 'FILE_EXISTS',
]);

/** The exit code for an error by its code. */
export function exitCodeOf(code: string): number {
  return wrongUse.has(code) ? WRONG_USE : FAILED;
}
