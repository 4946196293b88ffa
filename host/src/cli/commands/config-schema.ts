/** `modelport config schema`: JSON Schema of this very config, from the installed plugins' static schemas; runs no plugin code. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { JsonObject } from '@modelport/plugin-api';
import { readKnownModels } from '../known-models.ts';
import { shortPath } from '../paths.ts';
import type { Define } from '../program.ts';
import type { Session } from '../session.ts';

export const define: Define = (command, session) => {
  command
    .option('-o, --output <file>', 'write it to a file instead of printing it')
    .addHelpText('after', `
An editor with a YAML language server uses it through the first line of the config:
  # yaml-language-server: $schema=.modelport/config.schema.json

Examples:
  modelport config schema -o .modelport/config.schema.json
  modelport config schema --config other.yaml`)
    .action(async ({ output }: { readonly output?: string }) => {
      const schema = await schemaOf(session);
      if (output === undefined) return session.out.json(schema);
      const file = resolve(output);
      await writeSchema(file, schema);
      return session.json ? session.out.json({ file }) : session.out.line(`Wrote ${shortPath(file)}`);
    });
};

/** Writes a schema to a file, making its folder. */
export async function writeSchema(file: string, schema: JsonObject): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(schema, undefined, 2)}\n`);
}

async function schemaOf(session: Session): Promise<JsonObject> {
  const { configJsonSchema } = await import('@modelport/host');
  const { config } = await session.readConfig();
  return session.withHost(async (host) => {
    const { backends, models, files } = await host.describe();
    const known = await readKnownModels(files);
    const options: Record<string, JsonObject> = {};
    for (const { name } of backends) {
      const schema = await host.optionSchema(name);
      if (schema !== undefined) options[name] = schema;
    }
    return configJsonSchema({
      options,
      toolBackends: Object.values(config.backends).filter(({ declaredBy }) => declaredBy === 'tools').map(({ name }) => name),
      specs: [...new Set([
        ...models.flatMap(({ name, targets }) => [name, ...targets]),
        ...Object.values(config.backends).flatMap((backend) => [...Object.keys(backend.models), ...(known[backend.name] ?? [])].map((id) => `${id}@${backend.name}`)),
      ])],
    });
  });
}
