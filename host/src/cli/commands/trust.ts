/** `modelport trust`: lets a config, as it is now, run the commands it names for secrets. */
import { shortPath } from '../paths.ts';
import type { Define } from '../program.ts';

export const define: Define = (command, session) => {
  command
    .addHelpText('after', `
A secret of the form \`{ command: [...] }\` runs only where the config is your own: in your home or config folder, or trusted here. The trust
holds for the files as they are; an edit has to be trusted again.

Examples:
  modelport trust
  modelport trust --config team/modelport.config.yaml`)
    .action(async () => {
      const { config, files } = await session.readConfig();
      const commands = Object.values(config.backends).flatMap(({ name, secrets }) =>
        Object.entries(secrets).flatMap(([secret, reference]) => ('command' in reference ? [{ backend: name, secret, command: reference.command }] : [])));
      const { trustConfig } = await import('@modelport/host');
      const record = await trustConfig(files);
      if (session.json) return session.out.json({ files, commands, record });
      const { out } = session;
      for (const file of files) await out.line(`Trusted as it is now: ${shortPath(file)}`);
      if (commands.length === 0) await out.line('It names no command yet.');
      for (const { backend, secret, command: words } of commands) await out.line(`May run for ${backend}.${secret}: ${words.join(' ')}`);
    });
};
