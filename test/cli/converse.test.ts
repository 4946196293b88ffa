/** `chat --interactive`: a line is a question, and the config may be edited between two of them. */
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder, type Folder } from './command-line.ts';

const config = (answer: string): string => `backends:
  a: { plugin: "@modelport/scripted", options: { script: [{ match: "second", reply: "${answer}" }, { reply: "Hello from the first." }] } }
models: { default: demo@a }
`;

let folder: Folder;
beforeAll(async () => { folder = await makeFolder({ 'modelport.config.yaml': config('not yet') }); });
afterAll(() => folder[Symbol.asyncDispose]());

it('answers each line with all that was said, tells an edit, and answers the next line by it', async () => {
  const child = folder.start(['chat', '-i'], { keepOpen: true });
  await child.feed('first question\n');
  await child.says('Hello from the first.');
  const file = path.join(folder.path, 'modelport.config.yaml');
  await writeFile(`${file}.tmp`, config('Hello after the edit.'));
  await rename(`${file}.tmp`, file);
  await child.says('config edited: default is demo@a');
  await child.says('backend a answers with its edited settings');
  await child.feed('second question\n');
  await child.says('Hello after the edit.');
  await writeFile(file, 'models: { default: nowhere@nothing }\n');
  await child.says('CONFIG_INVALID');
  await child.feed('second, again\n');
  child.end();
  const { exitCode, stdout } = await child.ended;
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Hello from the first.\nHello after the edit.\nHello after the edit.\n' });
});

it('is refused with a prompt of its own', async () => {
  const { exitCode, stderr } = await folder.run(['chat', '-i', 'Hello.']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('takes no prompt');
});
