/** The third story under load: a hundred edits of aliases, addresses and keys, and no call notices. */
import { chatModel, createHost, inject, injectable, type ConfigInput, type Host, type HostEvents, type ModelHandle } from '@modelport/host';
import { describe, expect, it } from 'vitest';
import { createEchoProject, ECHO } from './echo-project.ts';
import { startEcho, type EchoUpstream } from './echo-upstream.ts';

/** Edits of a backend come in fives: 10 of 50 fail to start, 10 are overtaken while they start. */
const KINDS = ['swaps', 'fails', 'swaps', 'overtaken', 'swaps'] as const;
const BACKEND_EDITS = 50;
const WORKERS = 8;

@injectable()
class Caller {
  constructor(@inject(chatModel('default')) readonly moving: ModelHandle, @inject(chatModel('steady')) readonly steady: ModelHandle) {}
}

const keyOf = (version: number): string => `key-of-version-${version}`;

/** The config of one moment: the address and key of `echo`, and where `default` leads. */
function configOf(url: string, version: number, target: 'echo' | 'other', more: object = {}): ConfigInput {
  return {
    backends: {
      echo: { plugin: ECHO, options: { baseUrl: `${url}/v${version}`, ...more }, secrets: { apiKey: keyOf(version) } },
      other: { plugin: ECHO, options: { baseUrl: `${url}/other` }, secrets: { apiKey: 'key-of-the-other' } },
    },
    models: { default: `m@${target}`, steady: 'n@echo' },
    policy: { literalSecrets: 'allow' },
    reload: { drainMs: 10_000 },
  };
}

/** Calls without pause until told to stop: whole answers, streams, and streams left early. Gives the whole texts, by what was asked. */
async function call(caller: Caller, worker: number, goesOn: () => boolean): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (let count = 0; goesOn(); count++) {
    const asked = `${worker}.${count}`;
    const model = (worker + count) % 2 === 0 ? caller.moving : caller.steady;
    if (count % 3 === 0) {
      texts.set(asked, (await model.generate(asked)).text);
      continue;
    }
    let text = '';
    for await (const piece of model.stream(asked).text) {
      text += piece;
      if (count % 5 === 4) break;
    }
    if (count % 5 !== 4) texts.set(asked, text);
  }
  return texts;
}

/** Everything that happened to generations, in order, and the keys that came to the server after the last generation that had them closed. */
function follow(host: Host, upstream: EchoUpstream): { readonly news: string[]; readonly closedAt: Map<number, number> } {
  const news: string[] = [];
  const closedAt = new Map<number, number>();
  for (const name of ['backend:activated', 'backend:swapped', 'generation:retired', 'generation:closed'] as const) {
    host.events.on(name, ({ backend, generation }: Parameters<HostEvents['backend:activated']>[0]) => {
      news.push(`${name} ${backend} ${generation}`);
      if (name === 'generation:closed' && backend === 'echo') closedAt.set(generation, upstream.arrivals.length);
    });
  }
  host.events.on('backend:stale', ({ backend }: Parameters<HostEvents['backend:stale']>[0]) => { news.push(`backend:stale ${backend}`); });
  return { news, closedAt };
}

/** What is open beyond what was open before; requests to the file system and turns of the loop end by themselves. */
function openSince(before: readonly string[]): string[] {
  const known = [...before];
  return process.getActiveResourcesInfo().filter((name) => {
    const index = known.indexOf(name);
    if (index >= 0) known.splice(index, 1);
    return index < 0 && !/Immediate|Req/.test(name);
  });
}

describe('live swap', () => {
  it('moves traffic through 50 edits of an alias and 50 of address and key, and loses, mixes and leaves nothing', async () => {
    const upstream = await startEcho();
    const project = await createEchoProject();
    const before = process.getActiveResourcesInfo();
    await project.save(configOf(upstream.url, 0, 'echo'));
    const host = await createHost({ config: project.file, environment: {}, log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined } });
    const { news, closedAt } = follow(host, upstream);
    const ended: (string | undefined)[] = [];
    host.events.on('call:ended', ({ code }: Parameters<HostEvents['call:ended']>[0]) => ended.push(code));

    const caller = host.container.resolve(Caller);
    let goesOn = true;
    const load = Array.from({ length: WORKERS }, (_, worker) => call(caller, worker, () => goesOn));

    /** Version by number of the generation that serves it. */
    const versions = new Map<number, number>();
    let starts = 0;
    let target: 'echo' | 'other' = 'echo';
    const apply = async (config: ConfigInput, waits: boolean): Promise<void> => {
      await project.save(config);
      const outcome = await host.reload();
      expect(outcome.applied).toBe(true);
      if (waits && 'settled' in outcome) await outcome.settled;
    };
    await caller.steady.generate('first');
    versions.set(++starts, 0);
    for (let version = 1; version <= BACKEND_EDITS; version++) {
      const kind = KINDS[(version - 1) % KINDS.length];
      const more = kind === 'fails' ? { fails: true } : kind === 'overtaken' ? { startMs: 60_000 } : {};
      await apply(configOf(upstream.url, version, target, more), kind !== 'overtaken');
      starts += 1;
      if (kind === 'swaps') versions.set(starts, version);
      target = target === 'echo' ? 'other' : 'echo';
      await apply(configOf(upstream.url, version, target, more), kind !== 'overtaken');
    }
    goesOn = false;
    const texts = (await Promise.all(load)).flatMap((answers) => [...answers]);
    await host.close();

    // No call lost: each one ended well, or was left by its reader.
    expect(texts.length).toBeGreaterThan(WORKERS * 10);
    expect(ended.filter((code) => code !== undefined && code !== 'ABORTED')).toEqual([]);
    // None mixed: four equal lines, from one address with its own key, about what was asked.
    const wrong = texts.filter(([asked, text]) => {
      const lines = text.trimEnd().split('\n');
      const [path = '', key, , echoed] = lines[0]?.split(' ') ?? [];
      const expected = path === '/other/chat' ? 'key-of-the-other' : keyOf(Number(/^\/v(\d+)\/chat$/.exec(path)?.[1]));
      return lines.length !== 4 || new Set(lines).size !== 1 || key !== expected || echoed !== asked;
    });
    expect(wrong).toEqual([]);

    // Exactly the expected generations opened and closed, in order.
    const generations = [...versions.keys()];
    const ofEcho = news.filter((line) => line.includes(' echo'));
    expect(ofEcho.filter((line) => line.startsWith('backend:activated'))).toEqual(['backend:activated echo 1']);
    expect(ofEcho.filter((line) => line.startsWith('backend:swapped'))).toEqual(generations.slice(1).map((number) => `backend:swapped echo ${number}`));
    expect(ofEcho.filter((line) => line.startsWith('backend:stale'))).toHaveLength(BACKEND_EDITS / 5);
    expect(ofEcho.filter((line) => line.startsWith('generation:retired'))).toEqual(generations.map((number) => `generation:retired echo ${number}`));
    expect(ofEcho.filter((line) => line.startsWith('generation:closed')).sort()).toEqual(generations.map((number) => `generation:closed echo ${number}`).sort());
    expect(news.filter((line) => line.includes(' other'))).toEqual(['backend:activated other 1', 'generation:retired other 1', 'generation:closed other 1']);

    // No key is seen after the drain of its generation, and none of those that never started.
    const late = [...versions].filter(([generation, version]) => upstream.arrivals.slice(closedAt.get(generation)).some(({ key }) => key === keyOf(version)));
    expect(late).toEqual([]);
    const served = new Set([...versions.values()].map(keyOf).concat('key-of-the-other'));
    expect(upstream.arrivals.filter(({ key }) => !served.has(key))).toEqual([]);

    // Nothing is left open.
    while (upstream.connections() > 0 || openSince(before).length > 0) await new Promise((resolve) => { setImmediate(resolve); });
    expect(upstream.answering()).toBe(0);
    expect(openSince(before)).toEqual([]);
  });
});
