/** What the project's lockfile pins a package to: version, and the hash its files were checked against at the install. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, relative, sep } from 'node:path';
import type { Project } from './package-manager.ts';

/** What a lockfile says of one package. */
export interface LockState {
  readonly lockfile: string;
  /** Absent where the lockfile does not name the installed version. */
  readonly version?: string;
  /** Hash of the package, as the lockfile writes it. */
  readonly integrity?: string;
}

/** An installed package: its name, version and real folder. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

/** Looks the package up in the lockfile of its project; `undefined` without a lockfile that can be read (Bun's binary one cannot). */
export async function lockStateOf({ lockfile }: Pick<Project, 'lockfile'>, installed: InstalledPackage): Promise<LockState | undefined> {
  if (lockfile === undefined) return undefined;
  const reader = readers[basename(lockfile)];
  const text = reader && (await readFile(lockfile, 'utf8').catch(() => undefined));
  if (text === undefined) return undefined;
  try {
    const { version, integrity } = (await reader?.(text, installed, dirname(lockfile))) ?? {};
    return { lockfile, ...(version === undefined ? {} : { version }), ...(integrity === undefined ? {} : { integrity }) };
  } catch {
    return undefined;
  }
}

interface Pin {
  readonly version?: string | undefined;
  readonly integrity?: string | undefined;
}

type Reader = (text: string, installed: InstalledPackage, root: string) => Pin | undefined | Promise<Pin | undefined>;

const readers: Readonly<Record<string, Reader>> = {
  'package-lock.json': npm,
  'npm-shrinkwrap.json': npm,
  'pnpm-lock.yaml': pnpm,
  'yarn.lock': yarn,
  'bun.lock': bun,
};

/** Source: https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages */
function npm(text: string, { folder }: InstalledPackage, root: string): Pin | undefined {
  const { packages } = JSON.parse(text) as { readonly packages?: Readonly<Record<string, Pin>> };
  return packages?.[relative(root, folder).split(sep).join('/')];
}

async function pnpm(text: string, { name, version }: InstalledPackage): Promise<Pin | undefined> {
  const { parse } = await import('yaml');
  const { packages } = parse(text) as { readonly packages?: Readonly<Record<string, { readonly resolution?: { readonly integrity?: string } }>> };
  const found = packages?.[`${name}@${version}`];
  return found && { version, integrity: found.resolution?.integrity };
}

/** Yarn 1 writes a format of its own, later ones YAML. */
async function yarn(text: string, { name, version }: InstalledPackage): Promise<Pin | undefined> {
  if (text.includes('# yarn lockfile v1')) {
    const block = text.split(/\n(?=\S)/).find((one) => new RegExp(`^"?${name.replaceAll('.', String.raw`\.`)}@`).test(one) && one.includes(`\n  version "${version}"`));
    return block === undefined ? undefined : { version, integrity: /\n {2}integrity (\S+)/.exec(block)?.[1] };
  }
  const { parse } = await import('yaml');
  const entries = Object.values(parse(text) as Readonly<Record<string, { readonly resolution?: string; readonly checksum?: string }>>);
  const found = entries.find(({ resolution }) => resolution === `${name}@npm:${version}`);
  return found && { version, integrity: found.checksum };
}

/** JSON with commas at the end of lists, which YAML allows as well. */
async function bun(text: string, { name, version }: InstalledPackage): Promise<Pin | undefined> {
  const { parse } = await import('yaml');
  const { packages } = parse(text) as { readonly packages?: Readonly<Record<string, readonly unknown[]>> };
  const found = Object.values(packages ?? {}).find(([pinned]) => pinned === `${name}@${version}`);
  return found && { version, integrity: found.map(String).find((part) => part.startsWith('sha')) };
}
