/** What a text rests on: web pages, search results, and documents of the request. */
import type { Citation, JsonObject, ProviderData, Source } from '@modelport/plugin-api';
import type { WireCitation } from '../wire.ts';

/** Translates the citations of one answer; a source met twice is one source. */
export class Citations {
  private readonly dialect: string;
  private readonly sources = new Map<string, Source>();

  constructor(dialect: string) {
    this.dialect = dialect;
  }

  /** Translates the citations of one text, and names the sources that were not met before. */
  read(wire: readonly WireCitation[]): { readonly citations: readonly Citation[]; readonly newSources: readonly Source[] } {
    const newSources: Source[] = [];
    const citations = wire.map((citation): Citation => {
      const key = citation.url ?? citation.source ?? `document ${citation.document_index ?? ''}`;
      let source = this.sources.get(key);
      if (source === undefined) {
        source = toSource(citation, `source-${this.sources.size + 1}`);
        this.sources.set(key, source);
        newSources.push(source);
      }
      return { source, ...(citation.cited_text === undefined ? {} : { citedText: citation.cited_text }) };
    });
    return { citations, newSources };
  }

  /** The citations verbatim: the vendor wants them back with the text. */
  metadata(wire: readonly WireCitation[]): ProviderData {
    return { [this.dialect]: { citations: wire as unknown as readonly JsonObject[] } };
  }
}

function toSource(citation: WireCitation, id: string): Source {
  const title = citation.title ?? citation.document_title;
  const named = title === undefined || title === null ? {} : { title };
  const url = citation.url ?? (/^https?:\/\//.test(citation.source ?? '') ? citation.source : undefined);
  if (url !== undefined) return { type: 'source', sourceType: 'url', id, url, ...named };
  const mediaType = citation.type === 'page_location' ? 'application/pdf' : citation.type === 'char_location' ? 'text/plain' : undefined;
  return { type: 'source', sourceType: 'document', id, ...named, ...(mediaType === undefined ? {} : { mediaType }) };
}
