/** The vendor fields that travel on a part under this endpoint's own dialect, in the wire's spelling. */
import type { JsonObject, ProviderData } from '@modelport/plugin-api';

/** The fields of one dialect; `cacheControl`, as other tools write it, becomes `cache_control`. `undefined` = none. */
export function ownFields(data: ProviderData | undefined, dialect: string): JsonObject | undefined {
  const own = data?.[dialect];
  if (own?.['cacheControl'] === undefined) return own;
  const { cacheControl, ...rest } = own;
  return { cache_control: cacheControl, ...rest };
}
