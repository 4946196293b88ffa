/** `modelport backends presets`: the compatible vendors that a backend can name in one word, and what is known of each. */
import type { BuiltInPreset } from '@modelport/host';
import { CommandError } from '../command-error.ts';
import type { Define } from '../program.ts';
import { indented, tableLines } from '../table.ts';

export const define: Define = (command, session) => {
  command
    .argument('[name]', 'a preset: then all that is known of it')
    .addHelpText('after', `
A backend takes one with \`backends: { NAME: { preset: NAME } }\`; its own options and secrets lie over the preset's. An entry of the same
name under \`presets\` in the config takes the place of the built-in one.

Examples:
  modelport backends presets
  modelport backends presets openrouter
  modelport backends presets --json`)
    .action(async (name: string | undefined) => {
      const { builtInPresets, nearNames } = await import('@modelport/host');
      const presets = builtInPresets();
      if (name === undefined) return session.json ? session.out.json({ presets }) : tellAll(presets);
      const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
      if (preset === undefined) {
        const [near] = nearNames(name, Object.keys(presets));
        throw new CommandError('USAGE', `There is no built-in preset "${name}".${near === undefined ? '' : ` Did you mean "${near}"?`}`, 'List them with `modelport backends presets`.');
      }
      return session.json ? session.out.json({ presets: { [name]: preset } }) : tellOne(name, preset);
    });

  async function tellAll(presets: Readonly<Record<string, BuiltInPreset>>): Promise<void> {
    const { paint } = session.out;
    const rows = Object.entries(presets).map(([name, preset]) => [
      { text: name, paint: paint.bold }, preset.title, keysOf(preset), { text: preset.retired === undefined ? addressOf(preset) : `ended on ${preset.retired}`, paint: paint.dim }, { text: preset.checked, paint: paint.dim },
    ]);
    await session.out.line(tableLines(['PRESET', 'VENDOR', 'KEY', 'ADDRESS', 'CHECKED'], rows, paint.dim).join('\n'));
  }

  async function tellOne(name: string, preset: BuiltInPreset): Promise<void> {
    const { out } = session;
    const facts: [string, string][] = [
      ['vendor', preset.title], ['plugin', preset.plugin], ['key', keysOf(preset)], ['docs', preset.docs], ['checked', preset.checked],
      ...(preset.retired === undefined ? [] : [['ended', preset.retired] as [string, string]]),
      ...Object.entries(preset.options).map(([option, value]): [string, string] => [option, typeof value === 'string' ? value : JSON.stringify(value)]),
    ];
    await out.line(`${out.paint.bold(name)}\n${indented(tableLines([], facts).join('\n'))}`);
    for (const limit of preset.limits) await out.line(indented(`- ${limit}`));
    await out.line(`\n${out.paint.dim(`backends: { ${name}: { preset: ${name} } }`)}`);
  }
};

function addressOf({ options }: BuiltInPreset): string {
  const { baseUrl } = options as { readonly baseUrl?: unknown };
  return typeof baseUrl === 'string' ? baseUrl : '';
}

function keysOf({ secrets }: BuiltInPreset): string {
  return Object.values(secrets).map(({ env, optional }) => (optional === true ? `${env} (optional)` : env)).join(', ');
}
