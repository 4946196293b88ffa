/** Every plugin of the house keeps every promise of the contract that it makes. */
import path from 'node:path';
import { ConformanceRun, describeConformance } from '@modelport/testing/conformance';
import { describe, expect, test } from 'vitest';
import { declaredFolders, declaredPlugins, pluginFolders } from './declared-plugins.ts';

/** Plugins the kit cannot hold to the contract: ai-sdk wraps another package, and has nothing of its own to start. */
const UNDECLARED = ['ai-sdk'];

test('every plugin says what it claims, but for those known not to', () => {
  expect(pluginFolders.filter((name) => !declaredFolders.includes(name) && !UNDECLARED.includes(name))).toEqual([]);
  expect(declaredFolders.length).toBeGreaterThanOrEqual(5);
});

const subjects = await declaredPlugins();
const speakers = subjects.filter(({ declaration }) => declaration?.chat !== undefined);
/** What each plugin that chats leaves in a history, fed to every other. */
const transcripts = await Promise.all(speakers.map((subject) => new ConformanceRun(subject).record()));

test('every plugin that chats has a transcript for the others, with its tool call and the result', () => {
  expect(transcripts.map(({ dialect }) => dialect).toSorted()).toEqual(speakers.map(({ folder }) => path.basename(folder)).toSorted());
  for (const { messages } of transcripts) expect(messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content.map(({ type }) => type)))).toEqual(expect.arrayContaining(['text', 'tool-call', 'tool-result']));
});

for (const subject of subjects) describeConformance({ ...subject, transcripts }, { describe, test });
