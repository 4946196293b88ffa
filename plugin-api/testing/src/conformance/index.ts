/** @modelport/testing/conformance: the conformance kit. Every promise of the contract as a case, run on a plugin without a network. */
export type { CaseResult, Claim, ConformanceCase } from './case.ts';
export { conformanceCases } from './cases/all.ts';
export { defineConformance } from './declaration.ts';
export type { ChatDeclaration, ConformanceDeclaration, EmbeddingDeclaration, RerankDeclaration, ToolDeclaration } from './declaration.ts';
export { describeConformance, type TestFramework } from './register.ts';
export { formatReport, type ReportMarks } from './report.ts';
export { ConformanceRun, runConformance, type ConformanceOptions, type ConformanceReport } from './run.ts';
export type { SubjectOptions } from './subject.ts';
export { foreignTranscripts, type Transcript } from './transcripts.ts';
export type { RunningUpstream, UpstreamAdapter, UpstreamError, UpstreamFault, UpstreamFinish, UpstreamPull, UpstreamTurn, UpstreamWire } from './upstream-adapter.ts';
export { openAIUpstream, type OpenAIAdapterOptions } from './adapters/openai.ts';
export { anthropicUpstream } from './adapters/anthropic.ts';
export { bedrockUpstream } from './adapters/bedrock.ts';
export { ollamaUpstream } from './adapters/ollama.ts';
