/** Conversations other plugins had, as they stand in a history: what a swap in mid-conversation hands to the next vendor. */
import type { ContentPart, FunctionTool, Message } from '@modelport/plugin-api';

/** One conversation, up to where the next vendor goes on. */
export interface Transcript {
  /** Whose it is: the dialect of the plugin that made it. */
  readonly dialect: string;
  /** Who made it, for the report. */
  readonly from: string;
  /** The conversation; its last message is the user's or the tools'. */
  readonly messages: readonly Message[];
  /** Tools it speaks of. */
  readonly tools: readonly FunctionTool[];
  /** Texts that must reach the next vendor. */
  readonly kept: readonly string[];
  /** Texts that must not: another vendor's reasoning. */
  readonly dropped: readonly string[];
}

const tool: FunctionTool = {
  type: 'function', name: 'weather.lookup', description: 'The weather in a city.',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

function transcript(dialect: string, id: string, name: string, before: readonly ContentPart[], dropped: readonly string[]): Transcript {
  return {
    dialect, from: `a plugin of the dialect ${dialect}`, tools: [{ ...tool, name }], dropped, kept: ['transcript-question', 'transcript-answer', 'minus four'],
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'transcript-question: is it cold in Oslo?' }] },
      { role: 'assistant', content: [...before, { type: 'text', text: 'transcript-answer: I look it up.' }, { type: 'tool-call', toolCallId: id, toolName: name, input: '{"city":"Oslo"}' }] },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: id, toolName: name, output: { type: 'json', value: { degrees: 'minus four' } } }] },
    ],
  };
}

/** Conversations of three real dialects and one nobody speaks, with what each leaves in a history. */
export const foreignTranscripts: readonly Transcript[] = [
  transcript('openai', 'call_Zx9|fc_68a0', 'weather', [
    { type: 'reasoning', text: 'openai-thought', providerMetadata: { openai: { itemId: 'rs_1', reasoningEncryptedContent: 'gAAAA-encrypted' } } },
  ], ['openai-thought', 'gAAAA-encrypted']),
  transcript('anthropic', 'toolu_01A09q90qw90lq917835lq9', 'weather', [
    { type: 'reasoning', text: 'anthropic-thought', providerMetadata: { anthropic: { signature: 'EqQBCgIYAhIM-signature' } } },
    { type: 'reasoning', text: '', providerMetadata: { anthropic: { redactedData: 'EmwKAhgBEgy-redacted' } } },
  ], ['anthropic-thought', 'EqQBCgIYAhIM-signature', 'EmwKAhgBEgy-redacted']),
  transcript('ollama', 'call_0', 'weather', [{ type: 'reasoning', text: 'ollama-thought', providerMetadata: { ollama: { thinking: true } } }], ['ollama-thought']),
  transcript('acme', `call/${'x'.repeat(80)}#1 ü`, 'weather.lookup', [
    { type: 'reasoning', text: 'acme-thought', providerMetadata: { acme: { signature: 'acme-signature' } } },
    { type: 'custom', kind: 'acme.note', providerMetadata: { acme: { note: 'acme-note' } } },
    { type: 'source', sourceType: 'url', id: 'source_1', url: 'https://weather.example/oslo', title: 'Oslo' },
    { type: 'unknown', part: { type: 'newer-than-this' } },
  ], ['acme-thought', 'acme-signature', 'acme-note']),
];
