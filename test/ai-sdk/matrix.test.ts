/** Every target and every behaviour, all configured at once by config only; the outcome is the matrix in docs/ai-sdk.md. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createHost, type Host } from '@modelport/host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { behaviours, type Behaviour } from './behaviours.ts';
import { exceptions } from './exceptions.ts';
import { targets, variableOf, type Target } from './targets.ts';
import { createWireUpstream, type WireUpstream } from './upstreams/wires.ts';

const config = fileURLToPath(new URL('modelport.config.yaml', import.meta.url));
const page = fileURLToPath(new URL('../../docs/ai-sdk.md', import.meta.url));
const upstreams = new Map<string, WireUpstream>();
const cells = new Map<string, string>();
const versions = new Map<string, string>();
let host: Host;

beforeAll(async () => {
  const environment: Record<string, string> = {};
  for (const target of targets) {
    const upstream = await createWireUpstream(target.wire);
    upstreams.set(target.name, upstream);
    environment[variableOf('UPSTREAM', target)] = upstream.origin;
    environment[variableOf('KEY', target)] = `key-of-${target.name}`;
  }
  host = await createHost({ config, environment });
});

afterAll(async () => {
  await host.close();
  await Promise.all([...upstreams.values()].map((upstream) => upstream.close()));
});

describe.each(targets)('$name', (target) => {
  const claimed = behaviours.filter(({ kind }) => target[kind] !== undefined);
  const reasonFor = (name: string): string | undefined => exceptions[target.name]?.[name];

  it.each(claimed.filter(({ name }) => reasonFor(name) === undefined))('$name', async (behaviour) => {
    expect(await run(target, behaviour)).toEqual(expect.any(String));
  });

  it.each(claimed.filter(({ name }) => reasonFor(name) !== undefined))('$name is no pass, as listed', async (behaviour) => {
    expect(await run(target, behaviour), reasonFor(behaviour.name)).toBeInstanceOf(Error);
  });
});

async function run(target: Target, behaviour: Behaviour): Promise<string | Error> {
  const outcome = await behaviour.run({ host, upstream: upstreams.get(target.name)!, target }).catch((error: unknown) => error as Error);
  cells.set(`${target.name} ${behaviour.name}`, typeof outcome === 'string' ? outcome : 'no');
  return outcome;
}

describe('all at once', () => {
  it('every package was imported by its own name and version, two of one name side by side', async () => {
    const { backends } = await host.describe();
    expect(backends.filter(({ state }) => state !== 'active').map(({ name, state }) => `${name} is ${state}`)).toEqual([]);
    for (const { name } of targets) {
      const file = fileURLToPath(new URL(`targets/${name}/node_modules/${targets.find((target) => target.name === name)!.package}/package.json`, import.meta.url));
      versions.set(name, (JSON.parse(await readFile(file, 'utf8')) as { readonly version: string }).version);
    }
    expect(versions.get('openai-4')).not.toBe(versions.get('openai-3'));
  });

  it('the matrix in the docs is what was seen', async () => {
    const written = await readFile(page, 'utf8');
    await expect(written.replace(/(<!-- matrix -->\n)[^]*(<!-- \/matrix -->)/, (_, start: string, end: string) => `${start}${matrix()}${end}`)).toMatchFileSnapshot(page);
  });
});

function matrix(): string {
  const names = behaviours.map(({ name }) => name);
  const rows = targets.map((target) => {
    const outcomes = behaviours.map(({ name, kind }) => (target[kind] === undefined ? '·' : cells.get(`${target.name} ${name}`) ?? '?'));
    return `| \`${target.package}\` ${versions.get(target.name)} | ${outcomes.join(' | ')} |`;
  });
  const reasons = targets.flatMap((target) => Object.entries(exceptions[target.name] ?? {}).map(([behaviour, reason]) => `- \`${target.package}\`, ${behaviour}: ${reason}`));
  return [`| package | ${names.join(' | ')} |`, `|---|${names.map(() => '---').join('|')}|`, ...rows, '', ...(reasons.length === 0 ? [] : ['What is no:', '', ...reasons, ''])].join('\n');
}
