/** Runs the cases, one after the other, and tells what became of each. */
import type { Capability, Manifest } from '@modelport/plugin-api';
import { testCall } from '../fake-context.ts';
import { type CaseResult, type Claim, type ConformanceCase, NotApplicable, shortened } from './case.ts';
import { conformanceCases } from './cases/all.ts';
import { recordTranscript } from './cases/history.ts';
import { Subject, type OpenedPlugin, type SubjectOptions } from './subject.ts';
import type { Transcript } from './transcripts.ts';
import { describeError, endedWithin, Trial } from './trial.ts';

const CASE_LIMIT_MS = 30_000;

/** What to run. */
export interface ConformanceOptions extends SubjectOptions {
  /** Only the cases whose name is one of these, or begins with one of these and `/`. Default: all. */
  readonly only?: readonly string[];
  /** Longest time for one case, in milliseconds; one that does not end fails. Default 30000. */
  readonly caseLimitMs?: number;
  /** Told of each case as it ends. Default: nobody is. */
  readonly onCase?: (result: CaseResult) => void;
}

/** What became of all cases. */
export interface ConformanceReport {
  /** Package name of the plugin. */
  readonly plugin: string;
  /** Its version. */
  readonly version: string;
  /** Name of the declaration, where the plugin has several. */
  readonly name?: string;
  /** Whether no case failed. */
  readonly ok: boolean;
  /** How many cases passed, failed and were skipped. */
  readonly counts: Readonly<Record<CaseResult['status'], number>>;
  /** Every case, in order. */
  readonly cases: readonly CaseResult[];
}

/** Runs the kit on one plugin. Never rejects for what the plugin does: that is in the report. */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const run = new ConformanceRun(options);
  const results: CaseResult[] = [];
  for (const one of conformanceCases.filter(({ name }) => isChosen(name, options.only))) {
    const result = await run.run(one, options.caseLimitMs);
    results.push(result);
    options.onCase?.(result);
  }
  const count = (status: CaseResult['status']): number => results.filter((result) => result.status === status).length;
  const { name, version } = run.subject.label();
  const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
  const { name: declared } = run.subject.declaration;
  return { plugin: name, version, ...(declared === undefined ? {} : { name: declared }), ok: counts.failed === 0, counts, cases: results };
}

/** The cases of one plugin, to be run one at a time. */
export class ConformanceRun {
  readonly subject: Subject;
  #opening: Promise<Opening> | undefined;

  constructor(options: SubjectOptions) {
    this.subject = new Subject(options);
  }

  /** Runs one case, for at most `limitMs` (default 30000). Never rejects. */
  async run(one: ConformanceCase, limitMs: number = CASE_LIMIT_MS): Promise<CaseResult> {
    const { name, title, needs } = one;
    const { manifest, opened, failure, claims } = await this.#opened();
    const result = (status: CaseResult['status'], reason?: string): CaseResult => ({ name, title, status, capability: needs, ...(reason === undefined ? {} : { reason: shortened(reason) }) });
    if (opened === undefined) {
      if (name === 'load/manifest' && manifest !== undefined) return result('passed');
      if (name === 'load/manifest' || (name === 'load/module' && manifest !== undefined)) return result('failed', failure);
      return result('failed', `it cannot be tested: ${failure}`);
    }
    const missing = needs.find((need) => !claims.has(need));
    if (missing !== undefined) return result('skipped', unclaimed(missing));
    const trial = new Trial(this.subject, opened, claims);
    try {
      await endedWithin(limitMs, one.run(trial));
      return result('passed');
    } catch (error) {
      // Whatever a case throws is the plugin's: an own word for it, or what the plugin or the host threw on the way.
      return error instanceof NotApplicable ? result('skipped', error.message) : result('failed', describeError(error));
    } finally {
      await trial.end();
    }
  }

  /** Records a conversation of this plugin, for the `transcripts` of others. Throws where the plugin cannot have one. */
  async record(): Promise<Transcript> {
    const { opened, failure, claims } = await this.#opened();
    if (opened === undefined) throw new Error(failure);
    const trial = new Trial(this.subject, opened, claims);
    try {
      return await recordTranscript(trial);
    } finally {
      await trial.end();
    }
  }

  #opened(): Promise<Opening> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<Opening> {
    let manifest: Manifest | undefined;
    try {
      ({ manifest } = await this.subject.read());
      const opened = await this.subject.open();
      return { manifest, opened, failure: '', claims: this.subject.claims(manifest, await this.#described(opened)) };
    } catch (error) {
      return { manifest, opened: undefined, failure: describeError(error), claims: new Set() };
    }
  }

  /** What the plugin itself claims of the declared model, so that a declaration cannot leave out what users are told. */
  async #described(opened: OpenedPlugin): Promise<readonly Capability[]> {
    const { chat } = this.subject.declaration;
    if (chat === undefined || !opened.manifest.provides.includes('models')) return [];
    const trial = new Trial(this.subject, opened, new Set());
    try {
      const backend = await trial.backend();
      const info = await backend.run(async () => backend.provider.describeModel?.(chat.model, testCall()));
      return Object.entries(info?.capabilities ?? {}).flatMap(([name, value]) => (value ? [name as Capability] : []));
    } catch {
      // A backend that cannot be started or described fails the cases that say so.
      return [];
    } finally {
      await trial.end();
    }
  }
}

interface Opening {
  readonly manifest: Manifest | undefined;
  readonly opened: OpenedPlugin | undefined;
  readonly failure: string;
  readonly claims: ReadonlySet<Claim>;
}

function isChosen(name: string, only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((chosen) => name === chosen || name.startsWith(`${chosen}/`));
}

function unclaimed(claim: Claim): string {
  if (claim === 'wire') return 'the manifest declares no hosts (permissions.net)';
  return PROVIDED.has(claim) ? `the manifest does not provide "${claim === 'tool-source' ? 'tools' : claim}"` : `the model does not claim "${claim}"`;
}

const PROVIDED: ReadonlySet<Claim> = new Set(['chat', 'embedding', 'rerank', 'models', 'local', 'tool-source']);
