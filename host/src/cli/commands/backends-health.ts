/** `modelport backends health`: whether each backend answers, which version, and what to do where one does not. */
import type { BackendHealth } from '@modelport/host';
import { FAILED } from '../exit-codes.ts';
import { pickBackends } from '../pick-backends.ts';
import type { Define } from '../program.ts';
import type { Palette } from '../palette.ts';
import { indented, tableLines, type Cell } from '../table.ts';

export const define: Define = (command, session) => {
  command
    .argument('[name]', 'a backend of the config, or a plugin: then each backend on it; default: all')
    .addHelpText('after', `
Each backend is asked at the same time, for 10 seconds at most, and only what costs nothing. Exit code 1 when one is unhealthy.

Examples:
  modelport backends health
  modelport backends health local --json`)
    .action(async (name: string | undefined) => {
      await session.withHost(async (host) => {
        const chosen = name === undefined ? {} : { backends: (await pickBackends(host, name)).map((backend) => backend.name) };
        const backends = await host.health({ ...chosen, signal: session.signal });
        if (backends.some(({ health }) => health.status === 'unhealthy')) session.exitCode = FAILED;
        if (session.json) return session.out.json({ backends });
        const { out } = session;
        const { paint } = out;
        if (backends.length === 0) return out.line('The config names no backends.');
        await out.line(tableLines(['BACKEND', 'PLUGIN', 'HEALTH'], backends.map((found) => [{ text: found.backend, paint: paint.bold }, found.plugin, healthCell(found, paint)]), paint.dim).join('\n'));
        for (const { backend, health } of backends) {
          if (health.status !== 'unhealthy') continue;
          await out.line(`\n  ${paint.bold(backend)}\n${indented(health.reason + (health.remedy === undefined ? '' : `\n${paint.cyan('fix')}: ${health.remedy}`), 4)}`);
        }
      });
    });
};

function healthCell({ health, models }: BackendHealth, paint: Palette): Cell {
  if (health.status === 'unhealthy') return { text: 'unhealthy', paint: paint.red };
  if (health.status === 'unknown') return { text: 'unknown: it has nothing free to ask', paint: paint.dim };
  const facts = [
    ...(health.version === undefined ? [] : [`version ${health.version}`]), ...(health.device === undefined ? [] : [`on ${health.device}`]),
    ...(models === undefined ? [] : [`${models.length} ${models.length === 1 ? 'model' : 'models'}`]),
  ];
  return { text: facts.length === 0 ? 'healthy' : `healthy: ${facts.join(', ')}`, paint: paint.green };
}
