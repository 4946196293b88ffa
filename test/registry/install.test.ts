/** The three stories in one folder outside the workspace: a stranger's plugin is installed, one line configures it, another line swaps it. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runWell } from './command.ts';
import { buildPlugin, createProject, publishedPackages, publishPlugin, writeFiles } from './projects.ts';
import type { PluginRepository } from './projects.ts';

const registry = publishedPackages();

/** Ten lines of a user's program; they stay the same whatever the config says. */
const PROGRAM = `
import { createHost } from '@modelport/host';

const host = await createHost();
const answer = await host.models.get(process.argv[3] ?? 'default').generate(process.argv[2]);
console.log(JSON.stringify({ text: answer.text, backend: answer.backend, model: answer.model }));
await host.close();
`;

const ACME = `
backends:
  acme: { plugin: modelport-plugin-acme, options: { greeting: hello } }
  echo: { plugin: modelport-plugin-echo }
models:
  default: small@acme
`;

/** One line differs. */
const ECHO = ACME.replace('default: small@acme', 'default: any-name@echo');

let acme: PluginRepository;
let echo: PluginRepository;
let project: string;

/** Runs the project's program on a question. */
async function ask(question: string): Promise<unknown> {
  return JSON.parse(await runWell('node', ['program.js', question], project, registry));
}

/** Runs the project's own command line. */
async function command(...words: readonly string[]): Promise<unknown> {
  return JSON.parse(await runWell(path.join(project, 'node_modules', '.bin', 'modelport'), words, project, registry));
}

beforeAll(async () => {
  [acme, echo] = [await buildPlugin(registry, 'acme'), await buildPlugin(registry, 'echo')];
  await publishPlugin(registry, acme);
  project = await createProject(registry, ['@modelport/host', 'modelport-plugin-acme', echo.tarball]);
  await writeFiles(project, { 'program.js': PROGRAM, 'modelport.config.yaml': ACME });
});

describe('a plugin written against the published contract alone', () => {
  it('compiles with the contract as its only package of ours', async () => {
    expect(await readdir(path.join(acme.folder, 'node_modules', '@modelport'))).toEqual(['plugin-api']);
    expect(await readFile(path.join(acme.folder, 'dist', 'index.d.ts'), 'utf8')).toContain('import("@modelport/plugin-api").Plugin<AcmeOptions>');
  });

  it('serves a program after npm install and one config entry', async () => {
    expect(await ask('What is new?')).toEqual({ text: 'hello small heard: What is new?', backend: 'acme', model: 'small' });
  });

  it('serves the command line after npm install and one config entry', async () => {
    expect(await command('chat', '--json', 'What is new?')).toMatchObject({ text: 'hello small heard: What is new?', backend: 'acme', model: 'small' });
  });
});

describe('two plugins in packages of their own', () => {
  it('serve side by side when both are installed by tarball', async () => {
    const other = await createProject(registry, ['@modelport/host', acme.tarball, echo.tarball]);
    await writeFiles(other, { 'program.js': PROGRAM, 'modelport.config.yaml': ACME });
    const answers = [await runWell('node', ['program.js', 'Hello', 'small@acme'], other, registry), await runWell('node', ['program.js', 'Hello', 'large@echo'], other, registry)];
    expect(answers.map((answer) => JSON.parse(answer) as unknown)).toMatchObject([{ text: 'hello small heard: Hello' }, { text: 'echo large: Hello' }]);
  });
});

describe('a swap', () => {
  it('moves the same program to another backend and back by an edit of one config line', async () => {
    await writeFiles(project, { 'modelport.config.yaml': ECHO });
    expect(await ask('Who answers?')).toEqual({ text: 'echo any-name: Who answers?', backend: 'echo', model: 'any-name' });
    await writeFiles(project, { 'modelport.config.yaml': ACME });
    expect(await ask('Who answers?')).toEqual({ text: 'hello small heard: Who answers?', backend: 'acme', model: 'small' });
  });
});
