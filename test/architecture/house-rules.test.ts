/** How a file looks before it is read: its size, its name, its first sentence. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './source-files.ts';

const sources = await sourceFiles();

const MOST_LINES = 300;
/** Files that are longer for a reason: file -> the reason. */
const LONGER: Readonly<Record<string, string>> = {};
/** Words that name no idea; a package manager is one. */
const EMPTY_WORDS = /(^|-)(manager|helpers?|utils?|utilities|common|core|shared|misc)(-|$)/;

/** Folders of one file that are an idea of their own: folder -> the reason. */
const SINGLE: Readonly<Record<string, string>> = {
  'host/src/log': 'what the host and its plugins say aloud; every other folder may use it and none owns it',
};

describe('a source file', () => {
  it('has at most 300 lines, unless it is listed with a reason', () => {
    const long = sources.filter(({ file, text }) => text.split('\n').length > MOST_LINES && !(file in LONGER));
    expect(long.map(({ file, text }) => `${file}: ${text.split('\n').length} lines`)).toEqual([]);
  });

  it('is listed as longer only while it is', () => {
    const seen = new Map(sources.map(({ file, text }) => [file, text.split('\n').length]));
    expect(Object.keys(LONGER).filter((file) => (seen.get(file) ?? 0) <= MOST_LINES)).toEqual([]);
  });

  it('is named in kebab-case after one idea', () => {
    const names = sources.map(({ file }) => path.basename(file).replace(/\.ts$/, ''));
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || EMPTY_WORDS.test(name.replace('package-manager', '')))).toEqual([]);
  });

  it('opens with a sentence that says what it is', () => {
    expect(sources.filter(({ text }) => !/^(?:#!.*\n)?\/\*\*[\s\S]+?\*\//.test(text)).map(({ file }) => file)).toEqual([]);
  });
});

describe('a folder of sources', () => {
  it('holds more than one file, unless it is listed with a reason', () => {
    const folders = Map.groupBy(sources, ({ file }) => path.posix.dirname(file));
    const lonely = [...folders].filter(([folder, files]) => files.length === 1 && !(folder in SINGLE) && !folder.endsWith('/src') && ![...folders.keys()].some((other) => other.startsWith(`${folder}/`)));
    expect(lonely.map(([folder]) => folder)).toEqual([]);
  });
});
