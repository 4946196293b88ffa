/** Pieces of an answer that mean the same streamed and whole: citations, images, reasoning, and results of tools the vendor ran. */
import type { Citation, ContentPart, Json, ProviderData, Source } from '@modelport/plugin-api';
import { familyData } from '../encode/own-data.ts';
import type { WireBlock, WireCitation } from '../wire.ts';

/** Gives each source of an answer one id, however often it is cited. */
export class Sources {
  private readonly known = new Map<string, Source>();

  /** The citations of a text, and the sources among them that are new. */
  read(wire: readonly WireCitation[]): { readonly citations: readonly Citation[]; readonly newSources: readonly Source[] } {
    const newSources: Source[] = [];
    const citations = wire.map((citation): Citation => {
      const { location, source, title } = citation;
      const url = location?.web?.url ?? (source !== undefined && /^https?:\/\//.test(source) ? source : undefined);
      const key = url ?? `${JSON.stringify(documentOf(location))} ${source ?? ''} ${title ?? ''}`;
      let found = this.known.get(key);
      if (found === undefined) {
        const id = `source-${this.known.size + 1}`;
        found = url === undefined
          ? { type: 'source', sourceType: 'document', id, mediaType: 'text/plain', ...(title ?? source ? { title: title ?? (source as string) } : {}) }
          : { type: 'source', sourceType: 'url', id, url, ...(title === undefined ? {} : { title }) };
        this.known.set(key, found);
        newSources.push(found);
      }
      const citedText = (citation.sourceContent ?? []).map(({ text }) => text ?? '').join('');
      return { source: found, ...(citedText === '' ? {} : { citedText }) };
    });
    return { citations, newSources };
  }
}

/** Which document, without the place in it. */
function documentOf(location: WireCitation['location']): unknown {
  const [kind, place] = Object.entries(location ?? {})[0] ?? [];
  return kind === undefined ? undefined : ((place as { readonly documentIndex?: number } | undefined)?.documentIndex ?? kind);
}

/** Vendor data of reasoning, without which it cannot go back; `undefined` = the model does not sign. */
export function reasoningData(family: string, signature: string | undefined, redactedContent: string | undefined): ProviderData | undefined {
  if (redactedContent !== undefined) return familyData(family, { redactedContent });
  return signature === undefined ? undefined : (familyData(family, { signature }));
}

/** Vendor data of a call the vendor ran itself; `undefined` = it is the caller's to run. */
export function vendorCallData(family: string, { type, name }: NonNullable<WireBlock['toolUse']>): ProviderData | undefined {
  return type === undefined ? undefined : (familyData(family, { type, ...(name === undefined ? {} : { name }) }));
}

/** The result of a tool the vendor ran. `toolName` is that of its call, where it was seen. */
export function toVendorResult(family: string, { toolUseId = '', content = [], status, type }: NonNullable<WireBlock['toolResult']>, toolName: string | undefined): ContentPart {
  const [only, ...others] = content;
  const value = (only !== undefined && others.length === 0 ? (only['json'] ?? only['text'] ?? only) : content) as Json;
  const failed = status === 'error';
  return {
    type: 'tool-result', toolCallId: toolUseId, toolName: toolName ?? type ?? 'tool', providerExecuted: true, output: { type: failed ? 'error-json' : 'json', value },
    providerMetadata: familyData(family, { content: content, ...(type === undefined ? {} : { type }), ...(status === undefined ? {} : { status }) }),
  };
}

/** An image the model made. */
export function toImage(format: string | undefined, base64: string): ContentPart {
  return { type: 'file', mediaType: `image/${format ?? '*'}`, data: { type: 'data', data: base64 } };
}
