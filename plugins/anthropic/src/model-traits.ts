/** What is known of a Claude model by its id: what it takes, and what it answers with a 400. */
import type { AnthropicOptions } from './options.ts';

/** Facts about one model that shape a request. */
export interface ModelTraits {
  /** Whether the id names a model this table was written for; the facts of another are a guess. */
  readonly known: boolean;
  /** The most `max_tokens` may be. */
  readonly maxOutputTokens: number;
  /** How it is told to think. */
  readonly thinking: 'adaptive' | 'budget' | 'none';
  /** What turns thinking off; `never` = nothing does. */
  readonly thinkingOff: 'disabled' | 'between_tools' | 'never';
  /** Values of `output_config.effort` it takes; empty = it has no such field. */
  readonly efforts: readonly string[];
  /** Whether it takes temperature, top_p and top_k. */
  readonly sampling: boolean;
  /** Whether it can be made to call a tool. */
  readonly forcedTools: boolean;
  /** Whether it takes `output_config.format` and strict tools. */
  readonly nativeSchemas: boolean;
  /** Whether it takes a system message in the middle of a conversation. */
  readonly systemTurns: boolean;
  /** Whether it takes temperature and top_p together. */
  readonly temperatureWithTopP: boolean;
}

const OLD: ModelTraits = {
  known: true, maxOutputTokens: 4096, thinking: 'none', thinkingOff: 'disabled', efforts: [], sampling: true, forcedTools: true,
  nativeSchemas: false, systemTurns: false, temperatureWithTopP: true,
};
const BUDGET: ModelTraits = { ...OLD, maxOutputTokens: 64_000, thinking: 'budget' };
const FROM_4_5: ModelTraits = { ...BUDGET, nativeSchemas: true, temperatureWithTopP: false };
const FROM_4_6: ModelTraits = { ...FROM_4_5, maxOutputTokens: 128_000, thinking: 'adaptive', efforts: ['low', 'medium', 'high', 'max'] };
const FROM_4_7: ModelTraits = { ...FROM_4_6, sampling: false, efforts: ['low', 'medium', 'high', 'xhigh', 'max'] };
const FROM_5: ModelTraits = { ...FROM_4_7, systemTurns: true };

/** Source: the migration guides of each model at platform.claude.com, read in November 2026. The first that matches holds. */
const TRAITS: readonly (readonly [RegExp, ModelTraits])[] = [
  [/sonnet-5-5/, { ...FROM_5, thinkingOff: 'between_tools', forcedTools: false }],
  [/opus-5-5|(fable|mythos)-5-[12]/, { ...FROM_5, thinkingOff: 'never', forcedTools: false }],
  [/(fable|mythos)-5/, { ...FROM_5, thinkingOff: 'never' }],
  [/(opus|sonnet|haiku)-5|opus-4-8/, FROM_5],
  [/opus-4-7/, FROM_4_7],
  [/(opus|sonnet)-4-6/, FROM_4_6],
  [/opus-4-5/, { ...FROM_4_5, efforts: ['low', 'medium', 'high'] }],
  [/(sonnet|haiku)-4-5/, FROM_4_5],
  [/opus-4-1/, { ...FROM_4_5, maxOutputTokens: 32_000 }],
  [/opus-4/, { ...BUDGET, maxOutputTokens: 32_000 }],
  [/sonnet-4|3-7-sonnet/, BUDGET],
  [/claude-3-5/, { ...OLD, maxOutputTokens: 8192 }],
  [/claude-(3|2|instant)/, OLD],
];

/** Reads a model's traits off its id (`claude-opus-5-5`, `anthropic/claude-opus-4.8`); what the options say goes before. */
export function traitsOf(modelId: string, options: AnthropicOptions): ModelTraits {
  const id = modelId.toLowerCase().replaceAll('.', '-');
  const found = id.includes('claude') ? TRAITS.find(([pattern]) => pattern.test(id))?.[1] : undefined;
  // A Claude that came later is most like the latest; what imitates the API most often has the oldest form of thinking.
  const traits = found ?? (id.includes('claude') ? { ...FROM_5, known: false } : { ...BUDGET, known: false, maxOutputTokens: 4096 });
  if (options.thinking === 'auto' || options.thinking === traits.thinking) return traits;
  const efforts = options.thinking === 'adaptive' && traits.efforts.length === 0 ? FROM_4_6.efforts : traits.efforts;
  return { ...traits, thinking: options.thinking, efforts };
}
