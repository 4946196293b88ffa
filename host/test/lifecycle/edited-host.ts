/** A host on a config file that a test edits, and a plugin that does what the test says. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call, ChatPart, Logger, PluginContext, Provider, Usage } from '@modelport/plugin-api';
import { createHost, ModelportError, type ConfigInput, type Host, type HostEvents, type HostOptions } from '@modelport/host';
import { onTestFinished } from 'vitest';

/** One generation as the plugin saw it. */
export interface Started {
  readonly context: PluginContext;
  /** The backend's option `tag`; every answer holds it. */
  readonly tag: string;
  /** Runs of a stream on it, those that are over included. */
  streams: number;
  /** Runs under way. */
  open: number;
  /** How often `close()` was called. */
  closed: number;
  /** Runs under way when `close()` was called. */
  openAtClose: number;
}

/** What a probe does; a test replaces what it needs. */
export interface Probe {
  readonly started: Started[];
  /** Runs at every start, before the provider is there. Default: nothing. */
  onStart: (context: PluginContext) => unknown;
  /** Waited for between the two parts of every answer. Default: nothing. */
  onPart: (started: Started, call: Call) => unknown;
  onClose: (started: Started) => unknown;
}

const usage: Usage = { inputTokens: {}, outputTokens: {} };
const probes = new Map<string, Probe>();
const key = Symbol.for('modelport.test.probes');
(globalThis as Record<symbol, unknown>)[key] = probes;

/** Says a part twice, with a wait in between, and finishes. */
async function* answer(probe: Probe, started: Started, call: Call): AsyncGenerator<ChatPart> {
  started.streams += 1;
  started.open += 1;
  try {
    yield { type: 'text-delta', id: '0', delta: started.tag };
    await probe.onPart(started, call);
    call.signal.throwIfAborted();
    yield { type: 'text-delta', id: '0', delta: `/${started.tag}` };
    yield { type: 'finish', finishReason: { unified: 'stop' }, usage };
  } finally {
    started.open -= 1;
  }
}

async function start(probe: Probe, context: PluginContext): Promise<Provider> {
  await probe.onStart(context);
  const started: Started = { context, tag: (context.options as { readonly tag: string }).tag, streams: 0, open: 0, closed: 0, openAtClose: 0 };
  probe.started.push(started);
  return {
    chatModel: () => ({ stream: (_request, call) => answer(probe, started, call) }),
    close: async () => {
      started.closed += 1;
      started.openAtClose = started.open;
      await probe.onClose(started);
    },
  };
}

/** What the plugin package does in its `start`. */
export const startProbe = (context: PluginContext): Promise<Provider> => start(probes.get((context.options as { readonly probe: string }).probe) as Probe, context);
(globalThis as Record<symbol, unknown>)[Symbol.for('modelport.test.start')] = startProbe;

/** A project folder with the probe plugin installed. */
export interface Project {
  readonly folder: string;
  readonly file: string;
  readonly probe: Probe;
  /** Options of a backend in this project: its tag, and more. */
  backend(tag: string, more?: object): { readonly plugin: string } & Record<string, unknown>;
  /** Writes the config file. */
  write(config: ConfigInput | string): Promise<void>;
  /** Installs the probe plugin under another name or version. */
  install(name: string, version?: string): Promise<string>;
}

/** Name of the installed plugin. */
export const PLUGIN = 'modelport-plugin-probe';

let count = 0;

/** Makes a project in a temp folder; it is gone after the test. */
export async function createProject(): Promise<Project> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'modelport-lifecycle-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const id = `probe-${++count}`;
  const probe: Probe = { started: [], onStart: () => undefined, onPart: () => undefined, onClose: () => undefined };
  probes.set(id, probe);
  const file = join(folder, 'modelport.config.json');
  const install = async (name: string, version = '1.0.0'): Promise<string> => {
    const home = join(folder, 'node_modules', name);
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'package.json'), JSON.stringify({ name, version, type: 'module', exports: './index.js', modelport: { manifest: 1, id: 'probe', api: '^1.0.0', provides: ['chat'], secrets: [{ name: 'apiKey', env: ['PROBE_KEY'] }] } }));
    await writeFile(join(home, 'index.js'), "export default { api: 1, start: (context) => globalThis[Symbol.for('modelport.test.start')](context) };\n");
    return home;
  };
  await install(PLUGIN);
  return {
    folder,
    file,
    probe,
    install,
    backend: (tag, more = {}) => ({ plugin: PLUGIN, options: { tag, probe: id }, ...more }),
    write: (config) => writeFile(file, typeof config === 'string' ? config : JSON.stringify(config, null, 2)),
  };
}

/** A host of a project, with what it logged and what happened, in order. */
export interface EditedHost {
  readonly host: Host;
  readonly log: readonly { readonly level: string; readonly text: string }[];
  /** Names of the events, `call:` ones left out; with the backend and the generation where they have them. */
  readonly news: readonly string[];
  /** Writes the config, reloads, and waits until every start it caused is over. */
  edit(config: ConfigInput | string): Promise<void>;
}

/** Starts a host on a project. It is closed after the test. `writes`: whether the config is written first. */
export async function startHost(project: Project, config: ConfigInput, options: HostOptions = {}, writes = true): Promise<EditedHost> {
  if (writes) await project.write(config);
  const log: { level: string; text: string }[] = [];
  const line = (level: string) => (text: string): void => void log.push({ level, text });
  const logger: Logger = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  const host = await createHost({ config: project.file, cwd: project.folder, environment: {}, log: logger, ...options });
  onTestFinished(() => host.close({ drainMs: 0 }).catch(() => undefined));
  const news: string[] = [];
  const names: (keyof HostEvents)[] = ['backend:activated', 'backend:swapped', 'backend:stale', 'backend:quarantined', 'backend:removed', 'generation:retired', 'generation:closed', 'config:applied', 'config:rejected', 'host:closed'];
  for (const name of names) {
    host.events.on(name, (...facts: readonly unknown[]) => {
      const { backend, generation } = (facts[0] ?? {}) as { readonly backend?: string; readonly generation?: number };
      news.push([name, backend, generation].filter((word) => word !== undefined).join(' '));
    });
  }
  return {
    host,
    log,
    news,
    edit: async (next) => {
      await project.write(next);
      const outcome = await host.reload();
      if ('error' in outcome) throw outcome.error;
      if ('settled' in outcome) await outcome.settled;
    },
  };
}

/** A gate that a plugin waits at until the test opens it. */
export function gate(): { readonly opened: Promise<void>; readonly reached: Promise<void>; pass(): Promise<void>; open(): void } {
  const opened = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  return { opened: opened.promise, reached: reached.promise, open: opened.resolve, pass: () => { reached.resolve(); return opened.promise; } };
}

/** The ModelportError that something rejects with. */
export async function failureOf(work: Promise<unknown>): Promise<ModelportError> {
  const error: unknown = await work.then((value) => new Error(`it succeeded: ${JSON.stringify(value)}`), (thrown: unknown) => thrown);
  if (ModelportError.is(error)) return error;
  throw error;
}

/** The state of a backend. */
export async function backendOf(host: Host, name: string): Promise<Awaited<ReturnType<Host['describe']>>['backends'][number]> {
  const found = (await host.describe()).backends.find((backend) => backend.name === name);
  if (!found) throw new Error(`there is no backend ${name}`);
  return found;
}

/** Waits until something holds; each look comes after a turn of the event loop. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => { setImmediate(resolve); });
}
