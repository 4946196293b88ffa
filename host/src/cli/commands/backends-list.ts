/** `modelport backends list`: every configured instance of a plugin, and how it stands. */
import { failureLines, packageText, stateCell } from '../backend-text.ts';
import type { Define } from '../program.ts';
import { tableLines } from '../table.ts';

export const define: Define = (command, session) => {
  command
    .addHelpText('after', `
Examples:
  modelport backends list
  modelport backends list --json`)
    .action(async () => {
      await session.withHost(async (host) => {
        const { backends } = await host.describe();
        if (session.json) return session.out.json({ backends });
        const { out } = session;
        const { paint } = out;
        if (backends.length === 0) return out.line('The config names no backends.');
        const rows = backends.map((backend) => [
          { text: backend.name, paint: paint.bold }, packageText(backend), backend.provides.join(', '),
          backend.secrets.map(({ name, present }) => `${name} ${present ? 'present' : 'missing'}`).join(', ') || 'none', stateCell(backend.state, paint),
        ]);
        await out.line(tableLines(['BACKEND', 'PLUGIN', 'PROVIDES', 'SECRETS', 'STATE'], rows, paint.dim).join('\n'));
        for (const { name, failure } of backends) {
          if (failure !== undefined) await out.line(`\n  ${paint.bold(name)}\n${failureLines(failure, paint)}`);
        }
      });
    });
};
