/** The static schema in the package and the schema in the code say the same of every option. */
import type { JsonObject, Plugin } from '@modelport/plugin-api';
import { checkOptions } from '@modelport/host/conformance';
import { type ConformanceCase, expectThat, NotApplicable } from '../case.ts';
import type { Trial } from '../trial.ts';

/** What a schema says of a value: taken, or refused at these top-level keys. */
interface Verdict {
  readonly taken: boolean;
  readonly keys: readonly string[];
  readonly output?: unknown;
}

const PROBES: readonly unknown[] = [true, 1, -1, 1.5, 'text', 'https://vendor.example/v1', '', [], ['text'], {}, { name: 'text' }, null];

/** The cases. */
export const optionCases: readonly ConformanceCase[] = [
  {
    name: 'options/same-schema', title: 'the static schema names the options the code knows and refuses nothing the code takes', needs: [],
    run: async (trial) => {
      const { schema, plugin } = trial.opened;
      if (schema === undefined && plugin.options === undefined) throw new NotApplicable('the plugin takes no options');
      const base = await written(trial);
      const problems = [...(await stricter(trial, base)), ...(await unknownToCode(trial, base)), ...(await wrongDefaults(trial, base)), ...unknownToSchema(trial)];
      expectThat(problems.length === 0, problems.join('; '));
    },
  },
  {
    name: 'options/unknown-key', title: 'an option nobody knows is refused, not dropped', needs: [],
    run: async (trial) => {
      if (trial.opened.schema === undefined && trial.opened.plugin.options === undefined) throw new NotApplicable('the plugin takes no options');
      const options = { ...(await written(trial)), conformanceUnknownKey: true };
      const refused = !(await fitsSchema(trial, options)) || !(await judge(trial.opened.plugin, options)).taken;
      expectThat(refused, 'neither the static schema nor the code refuses an unknown top-level key');
    },
  },
];

/** Options as a user would write them: those of the upstream and the declaration. */
async function written(trial: Trial): Promise<JsonObject> {
  const upstream = await trial.subject.declaration.upstream?.start([]);
  await upstream?.close();
  return { ...upstream?.options, ...trial.subject.declaration.options };
}

/** Options that the code takes and the static schema refuses. */
async function stricter(trial: Trial, base: JsonObject): Promise<string[]> {
  // Without a schema in the code the static one is the only word.
  if (trial.opened.plugin.options === undefined) return [];
  const problems: string[] = [];
  const candidates = [{}, base, ...propertiesOf(trial).flatMap((key) => PROBES.map((probe) => ({ ...base, [key]: probe })))] as JsonObject[];
  for (const candidate of candidates) {
    if ((await judge(trial.opened.plugin, candidate)).taken && !(await fitsSchema(trial, candidate))) problems.push(`the code takes ${JSON.stringify(candidate)}, the static schema refuses it`);
  }
  return problems.slice(0, 3);
}

/** Options the static schema names and the code does not look at. */
async function unknownToCode(trial: Trial, base: JsonObject): Promise<string[]> {
  const { plugin } = trial.opened;
  if (plugin.options === undefined) return [];
  const problems: string[] = [];
  for (const key of propertiesOf(trial)) {
    // No schema takes a function, so the code's own names the key it knows.
    const verdict = await judge(plugin, { ...base, [key]: () => undefined } as unknown as JsonObject);
    const kept = verdict.taken && typeof verdict.output === 'object' && verdict.output !== null && key in verdict.output;
    if (!kept && !verdict.keys.includes(key)) problems.push(`the static schema names the option "${key}", which the code does not know`);
  }
  return problems;
}

async function wrongDefaults(trial: Trial, base: JsonObject): Promise<string[]> {
  if (trial.opened.plugin.options === undefined) return [];
  const { output } = await judge(trial.opened.plugin, base);
  const properties = (trial.opened.schema?.['properties'] ?? {}) as Readonly<Record<string, { readonly default?: unknown }>>;
  return Object.entries(properties).flatMap(([key, property]) => {
    if (property.default === undefined || key in base || typeof output !== 'object' || output === null) return [];
    const actual = (output as Readonly<Record<string, unknown>>)[key];
    return JSON.stringify(actual) === JSON.stringify(property.default) ? [] : [`the default of "${key}" is ${JSON.stringify(property.default)} in the static schema and ${JSON.stringify(actual)} in the code`];
  });
}

/** Options the code's schema names, where its library can tell (Standard JSON Schema), and the static one does not. */
function unknownToSchema(trial: Trial): string[] {
  const { schema, plugin } = trial.opened;
  const standard = plugin.options?.['~standard'] as { readonly jsonSchema?: { readonly input?: (options: object) => unknown } } | undefined;
  if (schema === undefined || standard?.jsonSchema?.input === undefined) return [];
  let told: { readonly properties?: object };
  try {
    told = standard.jsonSchema.input({ target: 'draft-2020-12' }) as { readonly properties?: object };
  } catch {
    // A schema with a transformation has no JSON form; the other checks remain.
    return [];
  }
  const known = propertiesOf(trial);
  return Object.keys(told.properties ?? {}).filter((key) => !known.includes(key)).map((key) => `the code knows the option "${key}", which the static schema does not name`);
}

function propertiesOf(trial: Trial): readonly string[] {
  return Object.keys((trial.opened.schema?.['properties'] ?? {}) as object);
}

async function fitsSchema(trial: Trial, options: JsonObject): Promise<boolean> {
  const { found, manifest } = trial.opened;
  try {
    await checkOptions({ backend: 'kit', plugin: found.name, options, manifest, found });
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'OPTIONS_INVALID') return false;
    throw error;
  }
}

async function judge(plugin: Plugin, options: JsonObject): Promise<Verdict> {
  if (plugin.options === undefined) return { taken: true, keys: [], output: options };
  const result = (await plugin.options['~standard'].validate(options)) as { readonly value?: unknown; readonly issues?: readonly { readonly path?: readonly unknown[] }[] };
  if (result.issues === undefined) return { taken: true, keys: [], output: result.value };
  return { taken: false, keys: result.issues.map(({ path }) => keyOf(path?.[0])) };
}

function keyOf(segment: unknown): string {
  return String(typeof segment === 'object' && segment !== null ? (segment as { readonly key?: unknown }).key : segment);
}
