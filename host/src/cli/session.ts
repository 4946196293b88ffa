/** What a command works with: the options every command takes, the two outputs, and a host opened when it is needed. */
import type { Host, HostOptions, LoadedConfig } from '@modelport/host';
import { toJson } from './failure.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Interruption } from './interruption.ts';
import type { Output } from './output.ts';

/** One run of the program. */
export class Session {
  readonly out: Output;
  readonly err: Output;
  readonly #interruption: Interruption;
  readonly #hosts = new Set<Host>();
  #options: GlobalOptions = {};
  /** What the shell is told when nothing throws. Default 0. */
  exitCode = 0;

  constructor(out: Output, err: Output, interruption: Interruption) {
    this.out = out;
    this.err = err;
    this.#interruption = interruption;
  }

  /** The options every command takes; set before a command's work begins. */
  get options(): GlobalOptions {
    return this.#options;
  }

  set options(options: GlobalOptions) {
    this.#options = options;
  }

  /** Whether JSON was asked for. */
  get json(): boolean {
    return this.#options.json === true;
  }

  /** Aborts at Ctrl-C, at a SIGTERM that nothing running can answer, and when the reader of stdout went away. */
  get signal(): AbortSignal {
    return this.#interruption.signal;
  }

  /** Opens a host on the config of the command line, runs the work, and closes it, well or not. */
  async withHost<T>(work: (host: Host) => Promise<T>, more: HostOptions = {}): Promise<T> {
    const { createHost } = await import('@modelport/host');
    const host = await createHost({ ...this.hostOptions(), ...(await globalPrefix()), ...more });
    this.#hosts.add(host);
    host.events.on('config:warned', ({ warnings }) => void this.warn(warnings.map(({ message, path, file, line }) => `${path}: ${message}${file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`}`)));
    const settled = this.#interruption.finishWith(() => host.close());
    try {
      // The host tells its doubts in the turn after it was made.
      await new Promise((resolve) => { setImmediate(resolve); });
      return await work(host);
    } finally {
      // Whoever pressed Ctrl-C does not want to wait for a drain.
      await host.close({ drainMs: this.signal.aborted ? 0 : 5_000 });
      settled();
    }
  }

  /** A text without the secrets any host of this run has seen. */
  redact(text: string): string {
    return [...this.#hosts].reduce((clean, host) => host.redact(clean), text);
  }

  /** Reads the config of the command line, without looking at plugins. */
  async readConfig(): Promise<LoadedConfig> {
    const { readConfig } = await import('@modelport/host');
    const { config, profile, set } = this.#options;
    return readConfig({ ...(config === undefined ? {} : { file: config }), ...(profile === undefined ? {} : { profiles: profile }), ...(set === undefined ? {} : { set }) });
  }

  /** The command line's options as options of `createHost`. */
  hostOptions(): HostOptions {
    const { config, profile, set, plugins } = this.#options;
    return {
      ...(config === undefined ? {} : { config }),
      ...(profile === undefined ? {} : { profile }),
      ...(set === undefined ? {} : { set }),
      ...(plugins === undefined ? {} : { plugins }),
      watch: false,
    };
  }

  /** Tells doubts on stderr: as lines, or as one JSON object. */
  async warn(warnings: readonly string[]): Promise<void> {
    if (this.json) return this.err.line(JSON.stringify({ warnings }));
    for (const warning of warnings) await this.err.line(`${this.err.paint.yellow('warning')}: ${warning}`);
  }

  /** An error of a backend as JSON output shows it. */
  errorJson(error: unknown): ReturnType<typeof toJson> {
    return toJson(error as Parameters<typeof toJson>[0], this.#options.debug === true);
  }
}

/** npm's global prefix, when this very program runs from it. */
async function globalPrefix(): Promise<{ readonly globalPrefix?: string }> {
  const { globalPrefixOf } = await import('@modelport/host');
  const prefix = globalPrefixOf(import.meta.filename);
  return prefix === undefined ? {} : { globalPrefix: prefix };
}
