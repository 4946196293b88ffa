/** What is known of a model on Bedrock by its id: who made it, what it takes, and what it answers with a ValidationException. */

/** Facts about one model that shape a request. */
export interface ModelTraits {
  /** Who made it: the first word of the id, `anthropic` or `amazon`. Empty = the id does not say. */
  readonly family: string;
  /** How it is told to think. `effort` and `nova` are fields of their makers; `unknown` = nothing is known. */
  readonly thinking: 'adaptive' | 'budget' | 'effort' | 'nova' | 'none' | 'unknown';
  /** Whether thinking can be turned off. */
  readonly thinkingOff: boolean;
  /** Most tokens of an answer, for those whose thinking is a share of it. */
  readonly maxOutputTokens: number;
  /** Whether it takes temperature and topP. */
  readonly sampling: boolean;
  /** Whether it takes temperature and topP together. */
  readonly temperatureWithTopP: boolean;
  /** Where topK goes in the model's own fields; empty = it has none. */
  readonly topK: readonly string[];
  /** Whether it can be made to call a tool. */
  readonly forcedTools: boolean;
  /** Whether it takes outputConfig.textFormat and strict tools. */
  readonly nativeSchemas: boolean;
  /** Whether a tool result may say that the tool failed. */
  readonly resultStatus: boolean;
  /** Whether it takes cache points. */
  readonly cachePoints: boolean;
}

const PLAIN: ModelTraits = {
  family: '', thinking: 'unknown', thinkingOff: false, maxOutputTokens: 4096, sampling: true, temperatureWithTopP: true, topK: [], forcedTools: true, nativeSchemas: false,
  resultStatus: false, cachePoints: false,
};

const CLAUDE: ModelTraits = { ...PLAIN, thinking: 'none', thinkingOff: true, topK: ['top_k'], resultStatus: true, cachePoints: true };
const BUDGET: ModelTraits = { ...CLAUDE, thinking: 'budget', maxOutputTokens: 64_000 };
const FROM_4_5: ModelTraits = { ...BUDGET, nativeSchemas: true, temperatureWithTopP: false };
const FROM_4_6: ModelTraits = { ...FROM_4_5, thinking: 'adaptive', maxOutputTokens: 128_000 };
const FROM_4_7: ModelTraits = { ...FROM_4_6, sampling: false, topK: [] };
const ALWAYS_THINKS: ModelTraits = { ...FROM_4_7, thinkingOff: false };
const NOVA: ModelTraits = { ...PLAIN, thinking: 'none', topK: ['inferenceConfig', 'topK'], resultStatus: true, cachePoints: true };
const OPEN_WEIGHT: ModelTraits = { ...PLAIN, nativeSchemas: true };

/** Source: the Bedrock user guide's pages on Converse, tool use, structured outputs and prompt caching, and Anthropic's migration guides. The first that matches holds. */
const TRAITS: readonly (readonly [RegExp, ModelTraits])[] = [
  [/^anthropic\..*(opus-5-5|(fable|mythos)-5-[12])/, { ...ALWAYS_THINKS, forcedTools: false }],
  [/^anthropic\..*sonnet-5-5/, { ...FROM_4_7, forcedTools: false }],
  [/^anthropic\..*(fable|mythos)-5/, ALWAYS_THINKS],
  [/^anthropic\..*((opus|sonnet|haiku)-5|opus-4-[78])/, FROM_4_7],
  [/^anthropic\..*(opus|sonnet)-4-6/, FROM_4_6],
  [/^anthropic\..*(opus|sonnet|haiku)-4-5/, FROM_4_5],
  [/^anthropic\..*opus-4/, { ...BUDGET, maxOutputTokens: 32_000 }],
  [/^anthropic\..*(sonnet-4|3-7-sonnet)/, BUDGET],
  [/^anthropic\.claude-(3|2|v2|instant)/, { ...CLAUDE, cachePoints: false }],
  // A Claude that came later is most like the latest.
  [/^anthropic\./, FROM_4_7],
  [/^amazon\.nova-2/, { ...NOVA, thinking: 'nova', thinkingOff: true }],
  [/^amazon\.nova/, NOVA],
  [/^openai\.gpt-oss/, { ...OPEN_WEIGHT, thinking: 'effort' }],
  [/^mistral\.(ministral|mistral-large-3|magistral|voxtral)/, { ...OPEN_WEIGHT, topK: ['top_k'] }],
  [/^mistral\./, { ...PLAIN, thinking: 'none', topK: ['top_k'] }],
  [/^(deepseek\.v3|qwen\.qwen3|moonshot(ai)?\.kimi|minimax\.|google\.gemma-3|nvidia\.nemotron)/, OPEN_WEIGHT],
  [/^cohere\./, { ...PLAIN, thinking: 'none', topK: ['k'], forcedTools: false }],
  [/^(meta|ai21)\./, { ...PLAIN, thinking: 'none', forcedTools: false }],
];

/**
 * Reads a model's traits off its id: `anthropic.claude-opus-4-6-v1`, one with a region's prefix (`us.`, `global.`), or the ARN of either.
 * `baseModels` names what stands behind an id that does not say.
 */
export function traitsOf(modelId: string, baseModels: Readonly<Record<string, string>>): ModelTraits {
  const named = Object.hasOwn(baseModels, modelId) ? (baseModels[modelId] as string) : modelId;
  const id = baseModelId(named).toLowerCase();
  const found = TRAITS.find(([pattern]) => pattern.test(id))?.[1] ?? PLAIN;
  return { ...found, family: id.includes('.') ? id.slice(0, id.indexOf('.')) : '' };
}

/** The model's id without the ARN around it and the region before it. */
export function baseModelId(modelId: string): string {
  const id = modelId.startsWith('arn:') ? modelId.slice(modelId.lastIndexOf('/') + 1) : modelId;
  return id.replace(/^(us-gov|us|eu|apac|au|jp|ca|sa|me|af|global)\./, '');
}
