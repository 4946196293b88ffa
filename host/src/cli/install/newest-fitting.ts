/** The newest version of a plugin that this host can load, asked of the registry where an installed one does not fit. */
import { spawn } from 'node:child_process';
import { errorCatalogue, type BackendDescription } from '@modelport/host';
import { CONTRACT_VERSION } from '@modelport/plugin-api';
import { rcompare, satisfies } from 'semver';

/** Longest wait for the registry, in milliseconds; after it the failure is told without a version. */
const LIMIT_MS = 10_000;

/** Backends with the version that mends an API_MISMATCH in its remedy. Asks the registry only where there is such a failure. */
export async function withNewestFitting<Described extends Pick<BackendDescription, 'plugin' | 'folder' | 'failure'>>(backends: readonly Described[], folder: string, signal: AbortSignal): Promise<readonly Described[]> {
  const asked = new Map<string, Promise<string | undefined>>();
  return Promise.all(backends.map(async (backend) => {
    const { plugin, failure } = backend;
    if (failure?.code !== 'API_MISMATCH' || !/^(@[\w.~-]+\/)?[\w~][\w.~-]*$/.test(plugin)) return backend;
    const looking = asked.get(plugin) ?? newestFitting(plugin, folder, signal);
    asked.set(plugin, looking);
    const newest = await looking;
    if (newest === undefined) return backend;
    const remedy = errorCatalogue.API_MISMATCH.remedy({ plugin, folder: backend.folder ?? '', file: '', wants: '', offers: [CONTRACT_VERSION], from: { file: '' }, newest });
    return { ...backend, failure: { ...failure, remedy } };
  }));
}

/** The newest released version whose contract range holds the contract of this host; `undefined` where none does or nobody answers. */
async function newestFitting(name: string, folder: string, signal: AbortSignal): Promise<string | undefined> {
  const versions = await publishedVersions(name, folder, signal);
  return versions.filter(({ api }) => satisfies(CONTRACT_VERSION, api)).map(({ version }) => version).sort(rcompare)[0];
}

/** Every released version with the contract range of its manifest, as npm's own client has it: with the project's registry, keys and proxy. */
async function publishedVersions(name: string, folder: string, signal: AbortSignal): Promise<readonly { readonly version: string; readonly api: string }[]> {
  const printed = await new Promise<string>((resolve) => {
    let text = '';
    // With a second field that every version has, npm prints an object for those without a manifest too.
    const words = ['view', `${name}@>=0`, 'name', 'version', 'modelport.api', '--json', '--fetch-retries=0'];
    // On Windows npm is a .cmd file, which only a shell runs; the name holds nothing that a shell acts on.
    const windows = process.platform === 'win32';
    const child = spawn('npm', windows ? words.map((word) => `"${word}"`) : words, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'], shell: windows, timeout: LIMIT_MS, signal });
    child.stdout.setEncoding('utf8').on('data', (part: string) => { text += part; });
    child.on('error', () => resolve(''));
    child.on('close', (code) => resolve(code === 0 ? text : ''));
  });
  try {
    // One version comes alone, several as a list.
    const found = [JSON.parse(printed) as unknown].flat();
    return found.flatMap((one) => {
      const { version, 'modelport.api': api } = one as { readonly version?: unknown; readonly 'modelport.api'?: unknown };
      return typeof version === 'string' && typeof api === 'string' ? [{ version, api }] : [];
    });
  } catch {
    return [];
  }
}
