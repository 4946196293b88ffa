/** The plugin `@modelport/scripted`: a deterministic model driven by a script, for tutorials, tests and a first run without a key. */
import { definePlugin } from '@modelport/plugin-api';
import type { Plugin } from '@modelport/plugin-api';

import { scriptedOptions } from './options.ts';
import type { ScriptedOptions } from './options.ts';
import { startScripted } from './provider.ts';

/** The plugin the host loads. Without options it follows the default script. */
const scripted: Plugin<ScriptedOptions> = definePlugin({ api: 1, options: scriptedOptions, start: startScripted });

export default scripted;
export { script } from './scripted-model.ts';
export type { ScriptedModel, ScriptedModelOptions } from './scripted-model.ts';
export type { Pace } from './play.ts';
export type { ListedModel, ScriptedOptions } from './options.ts';
export type {
  CutStep, DelayStep, FaultStep, FileStep, FinishStep, JsonStep, Match, ReasoningStep, RegexPattern, Reply, ResponseMetadataStep, Rule,
  Script, ScriptedUsage, SourceStep, StallStep, Step, TextPattern, TextStep, ToolCallStep, UnknownStep, UsageStep, WarningStep,
} from './script.ts';
