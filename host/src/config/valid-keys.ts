/** Which keys the schema knows at a path, to offer the nearest ones for a mistyped key. */
import type { ConfigPath } from './layer-node.ts';

/** The parts of a zod schema's definition this walk reads. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly innerType?: Schema;
  readonly options?: readonly Schema[];
  readonly valueType?: Schema;
  readonly element?: Schema;
}
interface Schema { readonly def: object }

/** The keys a map may have at a path of the config; none where any key may stand. */
export function validKeysAt(schema: Schema, path: ConfigPath): string[] {
  const definition = schema.def as Definition;
  if (definition.innerType) return validKeysAt(definition.innerType, path);
  if (definition.options) return definition.options.flatMap((option) => validKeysAt(option, path));
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(definition.shape ?? {});
  const next = definition.shape ? definition.shape[step] : (definition.valueType ?? definition.element);
  return next ? validKeysAt(next, rest) : [];
}
