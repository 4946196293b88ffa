/** Optional help for authors of HTTP plugins: reading streams, naming errors, gathering tool calls. Every name here is public API. */
export { readServerSentEvents } from './sse.ts';
export type { ServerSentEvent, ServerSentEventOptions } from './sse.ts';
export { readJsonLines } from './ndjson.ts';
export type { JsonLinesOptions } from './ndjson.ts';
export { readFailedResponse, toCallError } from './http-error.ts';
export type { CallErrorOptions, FailedResponse } from './http-error.ts';
export { isHtml, readVendorError } from './vendor-error.ts';
export type { VendorError } from './vendor-error.ts';
export { MAX_RETRY_AFTER_MS, retryAfterMs } from './retry-after.ts';
export { ToolCallCollector } from './tool-arguments.ts';
export type { ToolCallCollectorOptions, ToolCallFragment } from './tool-arguments.ts';
export { partsOf } from './parts-of.ts';
export { parseJson } from './parse-json.ts';
