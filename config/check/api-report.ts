/** The contract's committed API report says what the contract's types say, so that every change of it shows in a diff. */
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { ROOT } from './command.ts';
import type { Step } from './step.ts';

const PACKAGE = path.join(ROOT, 'plugin-api');
/** One report per entry of the contract package: the built types, and the committed report. */
const ENTRIES = [
  { types: 'dist/index.d.ts', report: 'plugin-api.api.md' },
  { types: 'dist/kit/index.d.ts', report: 'plugin-api-kit.api.md' },
] as const;

/** Writes the report of one entry into a folder and answers with what the extractor objected to. */
function extract(types: string, report: string, folder: string): string[] {
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: path.join(PACKAGE, 'package.json'),
    configObject: {
      projectFolder: PACKAGE,
      mainEntryPointFilePath: path.join(PACKAGE, types),
      // The types are built already: the extractor's own, older compiler only has to read them.
      compiler: { overrideTsconfig: { compilerOptions: { target: 'es2023', module: 'nodenext', strict: true, skipLibCheck: true, types: ['node'] }, files: [path.join(PACKAGE, types)] } },
      newlineKind: 'lf',
      apiReport: { enabled: true, reportFolder: folder, reportTempFolder: path.join(folder, 'temp'), reportFileName: report },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.Error },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  const objections: string[] = [];
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback(message) {
      message.handled = true;
      const place = message.sourceFilePath === undefined ? '' : `${path.relative(ROOT, message.sourceFilePath)}:${message.sourceFileLine ?? 0}: `;
      // Whether the report changed is told below, in our own words.
      if (message.messageId.startsWith('console-')) return;
      if (message.logLevel === ExtractorLogLevel.Error || message.logLevel === ExtractorLogLevel.Warning) objections.push(`${place}${message.text}`);
    },
  });
  return objections;
}

/** Whether an objection is that a name is missing which an entry before this one exports: the kit speaks of the root's types. */
function isReported(objection: string, reported: string): boolean {
  const name = /The symbol "(\w+)" needs to be exported/.exec(objection)?.[1];
  return name !== undefined && new RegExp(`^export (?:declare )?(?:abstract )?(?:type|interface|class|const|function) ${name}\\b`, 'm').test(reported);
}

export const apiReport: Step = {
  name: 'api',
  promise: "the contract's API report is the committed one",
  async run({ update }) {
    const folder = await mkdtemp(path.join(tmpdir(), 'modelport-api-'));
    try {
      const problems: string[] = [];
      let reported = '';
      for (const { types, report } of ENTRIES) {
        const objections = extract(types, report, folder);
        const committed = path.join(PACKAGE, report);
        const fresh = path.join(folder, report);
        reported += await readFile(fresh, 'utf8');
        problems.push(...objections.filter((objection) => !isReported(objection, reported)));
        if (update) await copyFile(fresh, committed);
        else if (!existsSync(committed)) problems.push(`plugin-api/${report} is missing: run pnpm check --update api`);
        else if ((await readFile(committed, 'utf8')) !== (await readFile(fresh, 'utf8'))) {
          problems.push(`plugin-api/${report} no longer matches the contract's types. If the change is meant, run pnpm check --update api and commit the report.`);
        }
      }
      return problems;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
