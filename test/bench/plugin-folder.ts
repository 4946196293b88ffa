/** A folder as a user has it: a config file that names many plugins, each a package of its own in node_modules. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { API_KEY } from './contender.ts';

const OPENAI = resolve(import.meta.dirname, '../../plugins/openai');

/** Variables such a folder's config expects. */
export const startVariables = { OPENAI_API_KEY: API_KEY };

/** Writes the folder and returns its config file. One backend, `bench`, calls the endpoint; the others stand in the config and are not used. */
export async function writePluginFolder(folder: string, plugins: number, baseUrl: string): Promise<string> {
  await mkdir(join(folder, 'node_modules', '@modelport'), { recursive: true });
  await symlink(OPENAI, join(folder, 'node_modules', '@modelport', 'openai'), 'dir');
  const names = Array.from({ length: plugins - 1 }, (_, index) => `vendor-${index + 1}`);
  await Promise.all(names.map((name) => writePlugin(join(folder, 'node_modules', `modelport-plugin-${name}`), name)));
  const file = join(folder, 'modelport.config.yaml');
  await writeFile(file, [
    'backends:',
    `  bench: { plugin: "@modelport/openai", options: { baseUrl: "${baseUrl}" } }`,
    ...names.map((name) => `  ${name}: { plugin: modelport-plugin-${name}, options: { baseUrl: "https://${name}.example/v1", region: eu } }`),
    'models:',
    '  default: bench-whole@bench',
    '',
  ].join('\n'));
  return file;
}

async function writePlugin(folder: string, name: string): Promise<void> {
  await mkdir(folder);
  const variable = `${name.toUpperCase().replaceAll('-', '_')}_API_KEY`;
  await Promise.all([
    writeFile(join(folder, 'package.json'), JSON.stringify({
      name: `modelport-plugin-${name}`, version: '1.0.0', type: 'module', exports: { '.': './index.js', './package.json': './package.json' },
      keywords: ['modelport-plugin'],
      modelport: {
        manifest: 1, id: name, api: '^1.0.0', provides: ['chat'], options: './options.schema.json',
        secrets: [{ name: 'apiKey', env: [variable], required: true, obtain: `https://${name}.example/keys` }],
        permissions: { net: [`${name}.example`, 'option:baseUrl'] },
      },
    }, undefined, 2)),
    writeFile(join(folder, 'options.schema.json'), JSON.stringify({
      $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', additionalProperties: false,
      properties: {
        baseUrl: { type: 'string', format: 'uri', description: 'Address of the API.' },
        region: { enum: ['eu', 'us'], default: 'us' },
        organization: { type: 'string', minLength: 1 },
        maxTokensField: { anyOf: [{ enum: ['max_tokens', 'max_completion_tokens'] }, { type: 'object', additionalProperties: { type: 'string' } }] },
      },
    }, undefined, 2)),
    writeFile(join(folder, 'index.js'), "export default { api: 1, $modelport: 'plugin', start: () => ({ chatModel: () => ({ stream: async function* () {} }) }) };\n"),
  ]);
}
