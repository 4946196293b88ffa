/** One case of the kit: a promise of the contract, what must be claimed for it to be asked, and how it is checked. */
import type { Capability, ProvidedKind } from '@modelport/plugin-api';
import type { Trial } from './trial.ts';

/**
 * What a case stands on: a word of the manifest's `provides` (`tools` there is `tool-source` here), a capability of the chat model, or
 * `wire` = the manifest declares hosts.
 */
export type Claim = Exclude<ProvidedKind, 'tools'> | 'tool-source' | Capability | 'wire';

/** One case. */
export interface ConformanceCase {
  /** `<area>/<name>`, the same for ever: reports and fixtures refer to it. */
  readonly name: string;
  /** The behaviour, as a sentence in the present tense. */
  readonly title: string;
  /** What must be claimed. All of it is claimed = the case must pass; none of it is ever guessed. */
  readonly needs: readonly Claim[];
  /** Throws when the plugin does not behave so. */
  readonly run: (trial: Trial) => Promise<void>;
}

/** What became of a case. */
export interface CaseResult {
  /** Name of the case. */
  readonly name: string;
  /** The behaviour. */
  readonly title: string;
  /** `skipped` only where something was not claimed, or is optional in the contract and not there. */
  readonly status: 'passed' | 'failed' | 'skipped';
  /** What the case stands on. */
  readonly capability: readonly Claim[];
  /** Why it failed or was skipped; absent when it passed. */
  readonly reason?: string;
}

/** The plugin did not behave. */
export class NotConforming extends Error {}

/** The contract leaves this to the plugin, and the plugin left it out. */
export class NotApplicable extends Error {}

/** Throws what the message says unless the condition holds. */
export function expectThat(condition: unknown, message: string): asserts condition {
  if (!condition) throw new NotConforming(message);
}

/** Throws unless both are the same when written as JSON. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  expectThat(left === right, `${what} is ${shortened(left ?? 'undefined')}, expected ${shortened(right ?? 'undefined')}`);
}

/** A text short enough for a report. */
export function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}
