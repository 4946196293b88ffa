/** Every plugin of the house keeps every promise of the contract that it makes. */
import { describeConformance } from '@modelport/testing/conformance';
import { describe, expect, test } from 'vitest';
import { declaredFolders, declaredPlugins, pluginFolders } from './declared-plugins.ts';

/** Plugins whose upstream is not yet an adapter of the kit. */
const UNDECLARED = ['ai-sdk', 'bedrock', 'groq', 'litellm'];

test('every plugin says what it claims, but for those known not to', () => {
  expect(pluginFolders.filter((name) => !declaredFolders.includes(name) && !UNDECLARED.includes(name))).toEqual([]);
  expect(declaredFolders.length).toBeGreaterThanOrEqual(5);
});

for (const subject of await declaredPlugins()) describeConformance(subject, { describe, test });
