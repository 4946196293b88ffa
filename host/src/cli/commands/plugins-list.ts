/** `modelport plugins list`: the packages the config names, what each provides, and how the backends on it stand. */
import { failureLines, stateCell } from '../backend-text.ts';
import { pluginPackages } from '../plugin-packages.ts';
import type { Define } from '../program.ts';
import { startAll } from '../start-backends.ts';
import { tableLines } from '../table.ts';

export const define: Define = (command, session) => {
  command
    .option('--start', 'import and start each plugin instead of reading manifests only')
    .addHelpText('after', `
Examples:
  modelport plugins list
  modelport plugins list --start --json`)
    .action(async ({ start = false }: { readonly start?: boolean }) => {
      await session.withHost(async (host) => {
        if (start) await startAll(host);
        const packages = pluginPackages((await host.describe()).backends);
        if (session.json) return session.out.json({ plugins: packages });
        const { out } = session;
        const { paint } = out;
        if (packages.length === 0) return out.line('The config names no plugins. `modelport plugins add NAME --write` installs one and adds it.');
        const rows = packages.map(({ plugin, version, api, provides, backends }) => {
          const states = new Set(backends.map(({ state }) => state));
          const standing = states.size === 1 ? stateCell([...states][0] ?? 'removed', paint) : { text: 'mixed', paint: paint.yellow };
          return [{ text: plugin, paint: paint.bold }, version ?? '', api ?? '', provides.join(', '), backends.map(({ name }) => name).join(', '), standing];
        });
        await out.line(tableLines(['PLUGIN', 'VERSION', 'CONTRACT', 'PROVIDES', 'BACKENDS', 'STATE'], rows, paint.dim).join('\n'));
        for (const { name, failure } of packages.flatMap(({ backends }) => backends)) {
          if (failure !== undefined) await out.line(`\n  ${paint.bold(name)}\n${failureLines(failure, paint)}`);
        }
      });
    });
};
