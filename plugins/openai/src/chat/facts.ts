/** What an answer says beside its content: log probabilities, fingerprint, service tier, reasoning to send back, citations. */
import type { Citation, Json, JsonObject, ProviderData } from '@modelport/plugin-api';
import type { AnswerContext } from '../answer-context.ts';
import type { CompatibleVendor } from '../vendor.ts';
import type { WireAnnotation, WireChoice, WireCompletion, WireToolCall } from './wire.ts';

/** Gathers the vendor's data of one answer over all of its chunks. */
export class AnswerFacts {
  private readonly dialect: string;
  private readonly vendor: CompatibleVendor;
  private readonly found: Record<string, Json> = {};
  private readonly logprobs: { content?: Json[]; refusal?: Json[] } = {};
  private details: Record<string, Json>[] = [];

  constructor({ options, vendor, headers }: Pick<AnswerContext, 'options' | 'vendor' | 'headers'>, isStream: boolean) {
    this.dialect = options.dialect;
    this.vendor = vendor;
    Object.assign(this.found, vendor.readHead?.({ headers, isStream }));
  }

  /** Takes what a chunk, or a whole completion, says. */
  add(chunk: WireCompletion, choice: WireChoice | undefined): void {
    if (chunk.system_fingerprint) this.found['systemFingerprint'] = chunk.system_fingerprint;
    if (chunk.service_tier) this.found['serviceTier'] = chunk.service_tier;
    if (this.vendor.readFacts !== undefined) Object.assign(this.found, this.vendor.readFacts(chunk as unknown as JsonObject, this.found));
    const logprobs = choice?.logprobs;
    if (logprobs === null || logprobs === undefined) return;
    if (logprobs.content) (this.logprobs.content ??= []).push(...(logprobs.content as readonly Json[]));
    if (logprobs.refusal) (this.logprobs.refusal ??= []).push(...(logprobs.refusal as readonly Json[]));
  }

  /** Joins fragments of the same detail, whose texts arrive piece by piece; everything else in them replaces. */
  addReasoningDetails(details: readonly object[]): void {
    for (const detail of details as readonly JsonObject[]) {
      const index = detail['index'];
      const known = index === undefined ? undefined : this.details.find((candidate) => candidate['index'] === index && candidate['type'] === detail['type']);
      if (known === undefined) {
        this.details.push({ ...(detail as Record<string, Json>) });
        continue;
      }
      for (const [key, value] of Object.entries(detail)) {
        if (value === undefined || value === null) continue;
        const grows = (key === 'text' || key === 'summary' || key === 'data') && typeof value === 'string';
        known[key] = grows ? `${(known[key] as string | null | undefined) ?? ''}${value}` : value;
      }
    }
  }

  /** Vendor data of a block of reasoning, by which it is known again as one's own. Hands its details over. */
  reasoningMetadata(): ProviderData {
    const { details } = this;
    this.details = [];
    return { [this.dialect]: details.length === 0 ? { wire: 'chat' } : { wire: 'chat', reasoningDetails: details } };
  }

  /** Vendor data of the whole answer; `undefined` = none. */
  metadata(): ProviderData | undefined {
    if (this.logprobs.content !== undefined || this.logprobs.refusal !== undefined) this.found['logprobs'] = { ...this.logprobs };
    return Object.keys(this.found).length === 0 ? undefined : { [this.dialect]: this.found };
  }
}

/** Vendor data of a tool call that goes back with it; `undefined` = none. */
export function extraContent({ extra_content: extra }: WireToolCall, dialect: string): ProviderData | undefined {
  return extra === undefined || extra === null ? undefined : { [dialect]: { extraContent: extra as JsonObject } };
}

/** Citations of web search; `before` = how many the answer had already. */
export function toCitations(annotations: readonly WireAnnotation[], before: number): Citation[] {
  const citations: Citation[] = [];
  for (const { type, url_citation: found } of annotations) {
    if (type !== 'url_citation' || typeof found?.url !== 'string') continue;
    const id = `source-${before + citations.length}`;
    citations.push({
      source: { type: 'source', sourceType: 'url', id, url: found.url, ...(found.title === undefined ? {} : { title: found.title }) },
      ...(found.start_index === undefined ? {} : { startIndex: found.start_index }),
      ...(found.end_index === undefined ? {} : { endIndex: found.end_index }),
    });
  }
  return citations;
}
