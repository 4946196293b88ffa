/** @modelport/host/conformance: the parts of the host that the conformance kit stands on, so that a plugin is tested by what will run it. */
export { discoverPackage, type FoundPackage } from './flow/discover.ts';
export { checkOptions, readManifest, type PluginManifest } from './flow/manifest.ts';
export { loadPlugin, startPlugin, validateOptions } from './flow/plugin.ts';
export { commonMajors } from './packages/contract-range.ts';
export { pluginOf } from './packages/plugin-export.ts';
export { readOptionSchema } from './packages/option-schema.ts';
export { createHttp, type Http } from './http/http.ts';
export { currentPluginFrame, inPluginFrame } from './http/plugin-frame.ts';
export { installSocketGuard, type RefusedSocket } from './http/socket-guard.ts';
export { defaultHttpLimits, type HttpGrant, type HttpLimits } from './http/settings.ts';
export { checkedResult } from './streams/check-result.ts';
export { AnswerFold } from './streams/fold.ts';
export { checkGrammar, type GrammarFault } from './streams/grammar.ts';
export { StreamNormaliser } from './streams/normalise.ts';
