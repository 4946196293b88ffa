/** The vendor data that travels on parts, messages and tools under the dialect `bedrock`. */
import type { CachePointBlock } from '@aws-sdk/client-bedrock-runtime';
import type { Json, JsonObject, ProviderData } from '@modelport/plugin-api';

/** The key of this plugin's vendor data. */
export const DIALECT = 'bedrock';

/** The fields under this dialect; empty = none. */
export function ownFields(data: ProviderData | undefined): JsonObject {
  return data?.[DIALECT] ?? {};
}

/** A cache point as parts carry it: `cachePoint: true`, or `{ type: "default", ttl: "1h" }`. `undefined` = none. */
export function cachePointOf(data: ProviderData | undefined): CachePointBlock | undefined {
  const { cachePoint } = ownFields(data);
  if (cachePoint === undefined || cachePoint === null || cachePoint === false) return undefined;
  return isObject(cachePoint) ? ({ type: 'default', ...cachePoint }) : { type: 'default' };
}

/** Vendor data of a piece of an answer, with the maker that signs it: Bedrock has many under one dialect. */
export function familyData(family: string, fields: JsonObject): ProviderData {
  return { [DIALECT]: { ...fields, family } };
}

/** Whether a value is a JSON object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
