/** @modelport/host/http: the host's own HTTP client, and its cassettes, for tools that drive a plugin without a host. */
export { CassettePlayer } from './http/cassette-player.ts';
export { CassetteRecorder } from './http/cassette-recorder.ts';
export type { Cassette, RecordedChunk, RecordedExchange, RecordedRequest, RecordedResponse } from './http/cassette.ts';
export { createHttp, type Http } from './http/http.ts';
export { defaultHttpLimits, type HttpGrant, type HttpLimits, type HttpSettings } from './http/settings.ts';
export { Redactor } from './secrets/redact.ts';
