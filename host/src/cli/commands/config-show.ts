/** `modelport config show`: the merged config as the host sees it, secrets by name only; with --origin what wrote each value. */
import type { Origin } from '@modelport/host';
import { shortPath } from '../paths.ts';
import type { Define } from '../program.ts';
import { tableLines } from '../table.ts';

export const define: Define = (command, session) => {
  command
    .option('--origin', 'one value a line, with the file, variable or flag that wrote it')
    .addHelpText('after', `
Examples:
  modelport config show
  modelport config show --origin --profile offline`)
    .action(async ({ origin = false }: { readonly origin?: boolean }) => {
      const { describeConfig, listOrigins } = await import('@modelport/host');
      const loaded = await session.readConfig();
      const { out } = session;
      if (origin) {
        const entries = listOrigins(loaded);
        if (session.json) return out.json({ files: loaded.files, profiles: loaded.profiles, values: entries.map((entry) => ({ ...entry, path: entry.path.join('.') })) });
        return out.line(tableLines([], entries.map(({ path, value, origin: from }) => [
          { text: path.join('.'), paint: out.paint.bold }, JSON.stringify(value), { text: originText(from), paint: out.paint.dim },
        ])).join('\n'));
      }
      const config = written(describeConfig(loaded) as Record<string, unknown>);
      if (session.json) return out.json({ files: loaded.files, profiles: loaded.profiles, config });
      const { stringify } = await import('yaml');
      return out.write(`# ${loaded.files.map((file) => shortPath(file)).join(', ')}${loaded.profiles.length > 0 ? `; profiles: ${loaded.profiles.join(', ')}` : ''}\n${stringify(config)}`);
    });
};

/** What wrote a value, in a word and a place. */
function originText({ layer, file, line, name }: Origin): string {
  if (layer === 'default') return 'default';
  if (layer === 'environment' || layer === 'flag') return `${layer} ${name ?? ''}`.trim();
  const place = file === undefined ? '' : ` ${shortPath(file)}${line === undefined ? '' : `:${line}`}`;
  return `${layer}${layer === 'profile' && name !== undefined ? ` ${name}` : ''}${place}`;
}

const namedSections = ['backends', 'models', 'tools', 'agents'];
const derived = new Set(['name', 'from', 'declaredBy']);

/** Without the entries the host adds for itself. */
function written(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([section, value]) => [
    section,
    namedSections.includes(section)
      ? Object.fromEntries(Object.entries(value as Record<string, object>).map(([name, entry]) => [name, Object.fromEntries(Object.entries(entry).filter(([key]) => !derived.has(key)))]))
      : value,
  ]));
}
