/** `modelport config profiles`: the profiles a config holds, and which are in force. */
import type { Define } from '../program.ts';

export const define: Define = (command, session) => {
  command
    .addHelpText('after', `
Examples:
  modelport config profiles
  modelport config profiles --profile offline`)
    .action(async () => {
      const { profileNames, profiles } = await session.readConfig();
      const { out } = session;
      if (session.json) return out.json({ profiles: profileNames, active: profiles });
      if (profileNames.length === 0) return out.line('The config has no profiles. Add one under `profiles:`; `--profile NAME` lays it over the rest.');
      for (const name of profileNames) await out.line(profiles.includes(name) ? `${out.paint.bold(name)}  ${out.paint.green('active')}` : name);
    });
};
