/** Fills the placeholders `{{...}}` of a script with what the conversation holds. */
import type { Json } from '@modelport/plugin-api';

import { outputText } from './conversation.ts';
import type { Choice, Situation } from './match.ts';

/** The values placeholders may name. */
export type Placeholders = Readonly<Record<string, string>>;

/** `{{lastUser}}`, `{{toolResult}}`, `{{modelId}}`, `{{turn}}`, and the groups of the pattern: `{{0}}`, `{{1}}`, `{{name}}`. */
export function placeholdersOf(situation: Situation, groups: Choice['groups']): Placeholders {
  const { conversation } = situation;
  return {
    ...groups,
    lastUser: conversation.lastUser,
    toolResult: conversation.toolResults.map((part) => outputText(part.output)).join('\n'),
    modelId: situation.modelId,
    turn: String(conversation.turn),
  };
}

/** Fills one text. A placeholder nobody knows stays as it is written. */
export function fill(text: string, placeholders: Placeholders): string {
  return text.replaceAll(/\{\{\s*(\w+)\s*\}\}/gu, (written, name: string) => (Object.hasOwn(placeholders, name) ? placeholders[name] : undefined) ?? written);
}

/** Fills every string inside a JSON value; keys stay as they are. */
export function fillJson(value: Json, placeholders: Placeholders): Json {
  if (typeof value === 'string') return fill(value, placeholders);
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map((item) => fillJson(item, placeholders));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, fillJson(item, placeholders)]])),
  );
}

// Array.isArray does not narrow a readonly array out of a union.
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
