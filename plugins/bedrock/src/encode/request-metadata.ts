/** A call's labels as `requestMetadata`, which Bedrock writes to its invocation log. */
import type { Call } from '@modelport/plugin-api';
import type { Warnings } from '@modelport/plugin-api/kit';

/** What keys and values may hold, and how many there may be. Source: the API reference of Converse. */
const LEGAL = /^[a-zA-Z0-9\s:_@$#=/+,\-.]{0,256}$/;
const MAX_ENTRIES = 16;

/** Labels and session id; `undefined` = none. What the API would refuse is left out with a warning. */
export function requestMetadataOf({ metadata, sessionId }: Call, warnings: Warnings): Record<string, string> | undefined {
  const entries = Object.entries({ ...metadata, ...(sessionId === undefined ? {} : { sessionId }) });
  const legal = entries.filter(([name, value]) => name !== '' && LEGAL.test(name) && LEGAL.test(value)).slice(-MAX_ENTRIES);
  if (legal.length < entries.length) warnings.unsupported('metadata', `Bedrock takes at most ${MAX_ENTRIES} labels of plain characters, 256 at most each: the others were left out.`);
  return legal.length === 0 ? undefined : Object.fromEntries(legal);
}
