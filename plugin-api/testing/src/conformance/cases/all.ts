/** Every case of the kit, in the order in which a report shows them. */
import type { ConformanceCase } from '../case.ts';
import { abortCases } from './abort.ts';
import { accountingCases } from './accounting.ts';
import { chatCases } from './chat.ts';
import { embeddingCases } from './embeddings.ts';
import { errorCases } from './errors.ts';
import { faultCases } from './faults.ts';
import { historyCases } from './history.ts';
import { isolationCases } from './isolation.ts';
import { loadingCases } from './loading.ts';
import { localCases } from './local.ts';
import { optionCases } from './options.ts';
import { serviceCases } from './services.ts';
import { settingCases } from './settings.ts';
import { toolCases } from './tools.ts';

/** Manifest and module: told by the runner, because every other case stands on them. */
const openingCases: readonly ConformanceCase[] = [
  { name: 'load/manifest', title: 'the manifest in package.json is one a host takes', needs: [], run: async ({ subject }) => void (await subject.read()) },
  { name: 'load/module', title: 'the module exports a plugin of the contract the manifest asks for', needs: [], run: async ({ subject }) => void (await subject.open()) },
];

/** The cases. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...openingCases, ...loadingCases, ...optionCases, ...chatCases, ...accountingCases, ...toolCases, ...settingCases, ...abortCases, ...faultCases, ...errorCases,
  ...isolationCases, ...historyCases, ...embeddingCases, ...serviceCases, ...localCases,
];
