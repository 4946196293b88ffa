/** All commands of the program: what each is called, in a line what it does, and the file that holds it. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addGlobalOptions, type GlobalOptions } from './global-options.ts';
import type { Session } from './session.ts';

/** Adds arguments, options, examples and the work to a command that bears its name and summary already. */
export type Define = (command: Command, session: Session) => void;

interface Entry {
  readonly path: readonly string[];
  readonly summary: string;
  readonly load: () => Promise<{ readonly define: Define }>;
}

const groups: Readonly<Record<string, string>> = {
  models: 'aliases and models',
  plugins: 'plugin packages',
  plugin: 'a plugin of your own',
  backends: 'configured instances of plugins',
  config: 'the config file',
};

const entries: readonly Entry[] = [
  { path: ['demo'], summary: 'the main job, with no key: discover, check, inject, answer through a tool', load: () => import('./commands/demo.ts') },
  { path: ['chat'], summary: 'ask a model and stream its answer', load: () => import('./commands/chat.ts') },
  { path: ['models', 'list'], summary: 'aliases with their targets; with --live what each backend lists', load: () => import('./commands/models-list.ts') },
  { path: ['models', 'info'], summary: 'what is known of a model', load: () => import('./commands/models-info.ts') },
  { path: ['models', 'probe'], summary: 'ask a model one short question; may cost a few tokens', load: () => import('./commands/models-probe.ts') },
  { path: ['models', 'pull'], summary: 'fetch a model to the machine of a backend', load: () => import('./commands/models-pull.ts') },
  { path: ['models', 'ls'], summary: 'the models on the machines of the backends', load: () => import('./commands/models-ls.ts') },
  { path: ['models', 'show'], summary: 'what is known of a model on a machine', load: () => import('./commands/models-show.ts') },
  { path: ['models', 'rm'], summary: 'delete a model from a machine', load: () => import('./commands/models-rm.ts') },
  { path: ['models', 'ps'], summary: 'the models in memory', load: () => import('./commands/models-ps.ts') },
  { path: ['models', 'load'], summary: 'load a model into memory', load: () => import('./commands/models-load.ts') },
  { path: ['models', 'unload'], summary: 'free the memory of a model', load: () => import('./commands/models-unload.ts') },
  { path: ['models', 'available'], summary: 'models that could be pulled', load: () => import('./commands/models-available.ts') },
  { path: ['plugins', 'list'], summary: 'the plugins of the config and how they stand', load: () => import('./commands/plugins-list.ts') },
  { path: ['plugins', 'info'], summary: 'one plugin: every phase of its loading, its options and secrets', load: () => import('./commands/plugins-info.ts') },
  { path: ['plugins', 'add'], summary: 'install a plugin and show or write its config entry', load: () => import('./commands/plugins-add.ts') },
  { path: ['plugin', 'test'], summary: 'run the conformance kit on a plugin', load: () => import('./commands/plugin-test.ts') },
  { path: ['backends', 'list'], summary: 'the backends of the config and how they stand', load: () => import('./commands/backends-list.ts') },
  { path: ['backends', 'presets'], summary: 'compatible vendors that a backend can name in one word', load: () => import('./commands/backends-presets.ts') },
  { path: ['backends', 'retry'], summary: 'start a backend now and say how it went', load: () => import('./commands/backends-retry.ts') },
  { path: ['backends', 'health'], summary: 'whether each backend answers, and what to do where one does not', load: () => import('./commands/backends-health.ts') },
  { path: ['config', 'init'], summary: 'write a commented config to start from', load: () => import('./commands/config-init.ts') },
  { path: ['config', 'validate'], summary: 'check the config and what its plugins declare', load: () => import('./commands/config-validate.ts') },
  { path: ['config', 'show'], summary: 'the merged config, without any secret', load: () => import('./commands/config-show.ts') },
  { path: ['config', 'profiles'], summary: 'the profiles of the config, and which are in force', load: () => import('./commands/config-profiles.ts') },
  { path: ['config', 'path'], summary: 'which file is the config, and why', load: () => import('./commands/config-path.ts') },
  { path: ['config', 'schema'], summary: 'JSON Schema of this config, for editors', load: () => import('./commands/config-schema.ts') },
  { path: ['trust'], summary: 'let this config run the commands it names for secrets', load: () => import('./commands/trust.ts') },
  { path: ['doctor'], summary: 'check everything and say what to mend', load: () => import('./commands/doctor.ts') },
];

/** Builds the program. Only the commands whose names stand in the arguments are loaded; of the others the name and the summary do. */
export async function createProgram(words: readonly string[], session: Session, output: { readonly writeOut: (text: string) => void; readonly writeErr: (text: string) => void }): Promise<Command> {
  const program = new Command('modelport');
  const settle = (command: Command): Command => command.exitOverride().showSuggestionAfterError(true).helpCommand(false).configureOutput(output);
  settle(program)
    .description('Runs models and tools from plugins that a config file names.')
    .usage('<command> [options]')
    .version(versionOf(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help; `modelport <command> --help` shows that of a command')
    .addHelpText('after', programExamples)
    .hook('preAction', (_program, command) => { session.options = command.optsWithGlobals<GlobalOptions>(); });
  addGlobalOptions(program);
  const made = new Map<string, Command>();
  for (const { path, summary, load } of entries) {
    const [group = '', ...rest] = path;
    if (rest.length > 0 && !made.has(group)) made.set(group, settle(program.command(group)).description(groups[group] ?? ''));
    const parent = made.get(group) ?? program;
    const command = settle(parent.command(path.at(-1) ?? '')).description(summary).configureHelp({ showGlobalOptions: true });
    if (path.every((word) => words.includes(word))) (await load()).define(command, session);
  }
  return program;
}

/** The command that the first words name, as far as they name one. */
export function commandPath(words: readonly string[]): readonly string[] {
  const named = words.filter((word) => !word.startsWith('-'));
  const whole = entries.find(({ path }) => path.every((word, index) => named[index] === word));
  return whole?.path ?? (named[0] !== undefined && named[0] in groups ? [named[0]] : []);
}

const programExamples = `
Examples:
  modelport demo "What is 6 * 7?"            the whole thing once, with no key
  modelport config init                      a config to start from
  modelport chat "Why is the sky blue?"      ask the model behind the alias "default"
  modelport plugins add @modelport/openai    install a plugin
  modelport doctor                           what is wrong, and what mends it

Exit codes: 0 fine, 1 failed, 2 wrong use or wrong config, 130 Ctrl-C. SIGTERM lets a
running answer finish for up to 10 s and ends with 0; a second signal ends at once.`;

/** Version of the package this file lies in. */
export function versionOf(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }).version;
}
