/** Real answers of a vendor, recorded once and replayed in every test: over the host's own HTTP client, without secrets, chunk by chunk. */
import { CassettePlayer, CassetteRecorder, createHttp, Redactor, type HttpGrant } from '@modelport/host/http';
import type { HttpClient } from '@modelport/plugin-api';

/** What is recorded, and what must not be in it. */
export interface CassetteOptions {
  /** The cassette: a JSON file, made with its folder, readable by its owner only. */
  readonly file: string;
  /**
   * Secrets by name, as `fakeContext` takes them. Their values, from 8 characters on, are replaced by their names in URLs, headers, bodies and
   * answers, in every form they travel in. While replaying they may be others, under the same names. Default: none.
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Hosts that may be asked, as a manifest writes them: to see that a plugin keeps to its own. Default: every host. */
  readonly allowedHosts?: readonly string[];
}

/** A client that records. */
export interface RecordingHttp extends HttpClient, AsyncDisposable {
  /** Writes the cassette, and closes every connection. What still runs is recorded as far as it came. Idempotent. */
  close(): Promise<void>;
}

/** A client that replays. */
export interface ReplayingHttp extends HttpClient {
  /** How many recorded exchanges were not asked for yet: 0 at the end of a test that asks everything. */
  readonly remaining: number;
}

/**
 * Asks the network, and keeps what was said. Nothing is written before `close()`. Credentials are replaced by their place too: `authorization`,
 * cookies, `?key=` and their like.
 */
export function recordCassette(options: CassetteOptions): RecordingHttp {
  const recorder = new CassetteRecorder();
  const http = createHttp({ allowPrivate: true });
  const { request, fetch } = clientOf(http.clientFor({ ...grantOf(options), observers: [recorder] }));
  let closing: Promise<void> | undefined;
  const save = async (): Promise<void> => {
    await http.destroy();
    await recorder.save(options.file);
  };
  const close = (): Promise<void> => (closing ??= save());
  return { request, fetch, close, [Symbol.asyncDispose]: close };
}

/**
 * Answers from a cassette and never from the network: the bytes that were recorded, in the chunks the wire delivered, each exchange once, equal
 * requests in their order. A request that was not recorded throws NETWORK with what is left. Throws NETWORK when the file is missing or is no
 * cassette.
 */
export async function replayCassette(options: CassetteOptions): Promise<ReplayingHttp> {
  const replay = await CassettePlayer.open(options.file);
  const { request, fetch } = clientOf(createHttp({ allowPrivate: true, proxy: 'none' }).clientFor({ ...grantOf(options), replay }));
  return {
    request, fetch,
    get remaining() {
      return replay.remaining;
    },
  };
}

function grantOf({ secrets = {}, allowedHosts = ['undeclared'] }: CassetteOptions): HttpGrant {
  const redactor = new Redactor();
  for (const [name, value] of Object.entries(secrets)) redactor.add(name, value);
  return { backend: 'test', plugin: 'the plugin under test', allowedHosts, redact: (text) => redactor.redact(text) };
}

function clientOf(client: HttpClient): HttpClient {
  return { request: (request, call) => client.request(request, call), fetch: client.fetch };
}
