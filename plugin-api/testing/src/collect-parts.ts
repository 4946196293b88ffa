/** Reads a plugin's stream to its end, keeping what came before a failure. */
import type { ChatPart } from '@modelport/plugin-api';

/** What a stream gave. */
export interface CollectedParts {
  /** Every part, batches taken apart. */
  readonly parts: readonly ChatPart[];
  /** The text of all `text-delta` parts. */
  readonly text: string;
  /** What the stream threw; `undefined` = it ended well. */
  readonly error: unknown;
}

/** Collects the parts of a stream; never throws. */
export async function collectParts(stream: AsyncIterable<ChatPart | readonly ChatPart[]>): Promise<CollectedParts> {
  const parts: ChatPart[] = [];
  let error: unknown;
  try {
    for await (const batch of stream) parts.push(...('type' in batch ? [batch] : batch));
  } catch (thrown) {
    error = thrown;
  }
  const text = parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');
  return { parts, text, error };
}
