/** `modelport config init`: a commented config to start from, which runs with no key. */
import { writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CommandError } from '../command-error.ts';
import { exists, findProject, installCommand } from '../install/package-manager.ts';
import { shortPath } from '../paths.ts';
import type { Define } from '../program.ts';
import { starterConfig } from '../starter-config.ts';
import { writeSchema } from './config-schema.ts';

const STARTER_PLUGINS = ['@modelport/scripted', '@modelport/calculator'];

export const define: Define = (command, session) => {
  command
    .option('--force', 'write over a file that is there')
    .addHelpText('after', `
Writes modelport.config.yaml here, or the file that --config names, and beside it .modelport/config.schema.json for editors.

Examples:
  modelport config init
  modelport config init --config settings/modelport.config.yaml`)
    .action(async ({ force = false }: { readonly force?: boolean }) => {
      const file = resolve(session.options.config ?? 'modelport.config.yaml');
      if (!force && (await exists(file))) throw new CommandError('FILE_EXISTS', `${file} is there already.`, 'Write over it with `--force`, or name another file with `--config`.', { file });
      const { configJsonSchema, createHost } = await import('@modelport/host');
      const folder = dirname(file);
      const schemaFile = join(folder, '.modelport', 'config.schema.json');
      await writeSchema(schemaFile, configJsonSchema());
      await writeFile(file, starterConfig());

      await using host = await createHost({ config: file, environment: {}, watch: false });
      const missing = (await host.describe()).backends.filter(({ failure }) => failure?.code === 'PLUGIN_NOT_FOUND').map(({ plugin }) => plugin);
      const { words } = await installCommand(await findProject(folder), STARTER_PLUGINS.filter((plugin) => missing.includes(plugin)));
      const next = missing.length > 0 ? [words.join(' '), 'modelport chat --agent assistant "What is 6 * 7?"'] : ['modelport chat --agent assistant "What is 6 * 7?"'];
      if (session.json) return session.out.json({ file, schema: schemaFile, missing, next });
      const { out } = session;
      await out.line(`${out.paint.green('wrote')}  ${shortPath(file)}`);
      if (missing.length > 0) await out.line(`Its plugins are not installed here: ${missing.join(', ')}.`);
      return out.line(`Next:\n${next.map((line) => `  ${line}`).join('\n')}`);
    });
};
