/** `modelport plugin test`: runs the conformance kit on a plugin, with what its author says it can do. */
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandError } from '../command-error.ts';
import { FAILED } from '../exit-codes.ts';
import { shortPath } from '../paths.ts';
import type { Define } from '../program.ts';
import type { Session } from '../session.ts';

/** What this command takes from `@modelport/testing/conformance`; the host does not depend on it. */
interface ConformanceKit {
  runConformance(options: { readonly folder: string; readonly declaration?: object; readonly only?: readonly string[] }): Promise<ConformanceReport>;
  formatReport(report: ConformanceReport, marks: { readonly passed: string; readonly failed: string }): string;
}

interface ConformanceReport {
  readonly ok: boolean;
  readonly cases: readonly object[];
}

interface TestFlags {
  readonly declaration?: string;
  readonly only?: readonly string[];
}

const KIT = '@modelport/testing/conformance';

/** Where a plugin says what it claims, first found first. */
const DECLARATIONS = ['conformance', 'test/conformance'].flatMap((name) => ['.ts', '.mts', '.js', '.mjs'].map((extension) => name + extension));

export const define: Define = (command, session) => {
  command
    .argument('<plugin>', 'a folder, or the name of an installed package')
    .option('--declaration <file>', 'what the plugin claims; default: conformance.{ts,js} in its folder or in its test folder')
    .option('--only <cases...>', 'only these cases or areas, for example `tools` or `abort/before`')
    .addHelpText('after', `
The kit comes from the project: npm i -D @modelport/testing. It needs no network and no key.

Exit code: 0 when no case failed, 1 when one did.

Examples:
  modelport plugin test .
  modelport plugin test modelport-plugin-acme --only chat tools
  modelport plugin test ./acme --json`)
    .action(async (plugin: string, flags: TestFlags) => {
      const folder = await folderOf(plugin, session);
      const kit = await loadKit(folder);
      const declarations = await readDeclarations(folder, flags.declaration, session);
      const reports: ConformanceReport[] = [];
      for (const declaration of declarations) {
        session.signal.throwIfAborted();
        const report = await kit.runConformance({ folder, declaration, ...(flags.only === undefined ? {} : { only: flags.only }) });
        if (report.cases.length === 0) throw new CommandError('USAGE', `No case is called ${flags.only?.join(' or ') ?? ''}.`, 'Run it once without --only: it shows the names of all cases.');
        reports.push(report);
        if (session.json) continue;
        const { paint } = session.out;
        await session.out.line(`${reports.length > 1 ? '\n' : ''}${kit.formatReport(report, { passed: paint.green('ok  '), failed: paint.red('FAIL') })}`);
      }
      const ok = reports.every((report) => report.ok);
      if (!ok) session.exitCode = FAILED;
      if (session.json) await session.out.json({ ok, folder, reports });
    });
};

/** The folder itself, or that of the package of this name, sought from the working folder as a config there would. */
async function folderOf(plugin: string, { signal }: Session): Promise<string> {
  const folder = resolve(plugin);
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder;
  const { createHost } = await import('@modelport/host');
  await using host = await createHost({ config: { backends: { tested: { plugin } } }, environment: {}, watch: false, signal });
  const [found] = (await host.describe()).backends;
  if (found?.folder !== undefined) return found.folder;
  throw new CommandError('USAGE', found?.failure?.message ?? `There is no plugin ${plugin}.`, 'Give the folder of the plugin, or install it first.');
}

/** The kit of the plugin's own project, else that of the working folder. */
async function loadKit(folder: string): Promise<ConformanceKit> {
  for (const from of [folder, process.cwd()]) {
    let file: string;
    try {
      file = createRequire(join(from, 'package.json')).resolve(KIT);
    } catch {
      continue;
    }
    return (await import(pathToFileURL(file).href)) as ConformanceKit;
  }
  throw new CommandError('USAGE', `${KIT} is found neither from ${shortPath(folder)} nor from the working folder.`, 'npm i -D @modelport/testing', { from: [folder, process.cwd()] });
}

async function readDeclarations(folder: string, given: string | undefined, session: Session): Promise<readonly object[]> {
  const file = given === undefined ? DECLARATIONS.map((name) => join(folder, name)).find((path) => existsSync(path)) : resolve(given);
  if (file === undefined) {
    await session.warn([`There is no conformance.ts in ${shortPath(folder)} that says what the plugin claims: what needs a scripted vendor cannot pass.`]);
    return [{}];
  }
  if (!existsSync(file)) throw new CommandError('USAGE', `There is no file ${shortPath(file)}.`, 'Give the path of the declaration.');
  const { default: declared } = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
  const declarations = (Array.isArray(declared) ? declared : [declared]) as readonly object[];
  if (declarations.length > 0 && declarations.every((one) => typeof one === 'object' && one !== null)) return declarations;
  throw new CommandError('USAGE', `${shortPath(file)} has no declaration as its default export.`, `Write \`export default defineConformance({ ... })\` in ${shortPath(join(dirname(file), 'conformance.ts'))}.`);
}
