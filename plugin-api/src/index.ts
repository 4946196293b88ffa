/** The contract of Modelport: what a provider plugin offers and what it gets. Every name here is public API. */
export { CALL_ERROR_BRAND, CONTRACT_FEATURES, CONTRACT_MAJOR, CONTRACT_VERSION, PLUGIN_BRAND } from './contract.ts';
export type { ContractFeature } from './contract.ts';
export { PROVIDED_KINDS, RESERVED_KINDS } from './manifest.ts';
export type { Manifest, ManifestPermissions, ManifestSecret, ProvidedKind } from './manifest.ts';
export { definePlugin, isPlugin } from './plugin.ts';
export type { Plugin, PluginModule, Provider, StandardSchema } from './plugin.ts';
export type { AdapterSecret, AdapterTarget, Call, Logger, PluginContext, Secret } from './context.ts';
export type { HttpClient, HttpRequest, HttpResponse } from './http.ts';
export type { ChatModel, ChatResult } from './chat-model.ts';
export type {
  AnyToolChoice, ChatRequest, FunctionTool, JsonFormat, NamedToolChoice, ProviderTool, ResponseFormat, TextFormat, ToolChoice,
} from './chat-request.ts';
export type {
  AssistantMessage, Citation, ContentOutput, ContentPart, CustomPart, DeniedOutput, FileBytes, FileData, FilePart, FileReference, FileText,
  FileUrl, JsonOutput, Message, ReasoningPart, Source, SystemMessage, TextOutput, TextPart, ToolApprovalPart, ToolCallPart, ToolMessage,
  ToolOutput, ToolResultPart, UnknownPart, UserMessage,
} from './message.ts';
export type {
  BlockEdgePart, ChatPart, DeltaPart, FinishPart, PingPart, RawPart, ResponseMetadataPart, StreamStartPart, TextEndPart,
  ToolInputStartPart, UsagePart, WarningPart,
} from './chat-part.ts';
export type { ResponseMetadata } from './response-metadata.ts';
export type { FinishReason } from './finish-reason.ts';
export type { InputTokens, OutputTokens, Usage } from './usage.ts';
export type { DeprecatedWarning, FeatureWarning, OtherWarning, Warning } from './warning.ts';
export type { EmbeddingModel, EmbeddingRequest, EmbeddingResult, TokenUsage } from './embedding-model.ts';
export type { RankedDocument, RerankModel, RerankRequest, RerankResult } from './rerank-model.ts';
export { CAPABILITIES } from './capability.ts';
export type { Capabilities, Capability } from './capability.ts';
export type { Limits, ModelInfo, Price } from './model-info.ts';
export { isLocalModelManager } from './local-models.ts';
export type {
  AvailableModel, LoadOptions, LocalModel, LocalModelDetails, LocalModels, PullOptions, PullProgress, RunningModel,
} from './local-models.ts';
export type { OfferedTool, ToolCallContext, ToolExecution, ToolProgress, ToolQuestion, ToolSource } from './tool.ts';
export type { Health, Healthy, UnknownHealth, Unhealthy } from './health.ts';
export { CallError } from './errors.ts';
export type { CallErrorCode, CallErrorFacts } from './errors.ts';
export type { Json, JsonObject } from './json.ts';
export type { Open } from './open.ts';
export type { Carried, ProviderData } from './provider-data.ts';
