/** Options of a bridged backend: the factory's own settings, and beside them two words that are the bridge's. */
import type { StandardSchema } from '@modelport/plugin-api';
import type { CompatRow } from './compat-table.ts';
import { fieldsOf, isFields } from './specification.ts';

/** Options of a backend with `adapter: ai-sdk`. Every key but these two goes to the package's factory as it is. */
export interface BridgeOptions {
  /** Settings of the factory. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Overrides of the package's row in the compat table. Default: none. */
  readonly compat: CompatRow;
  /** Take models of specification v1. Default false. */
  readonly experimentalV1: boolean;
}

/** What each member of `compat` must be. */
const COMPAT_TYPES: Readonly<Record<string, 'text' | 'list' | 'map' | 'flag'>> = { export: 'text', kinds: 'list', defaults: 'map', settings: 'map', access: 'map', fixedUrl: 'text', fields: 'map', list: 'map', ignores: 'list', textFiles: 'flag', base64Files: 'flag' };

/** Splits what is the bridge's from what is the factory's. */
export const bridgeOptions: StandardSchema<BridgeOptions> = {
  '~standard': {
    version: 1,
    vendor: '@modelport/ai-sdk',
    validate: (value) => {
      const { compat = {}, experimentalV1 = false, ...settings } = fieldsOf(value);
      const issues = [...compatIssues(compat), ...(typeof experimentalV1 === 'boolean' ? [] : [{ message: 'expected true or false', path: ['experimentalV1'] }])];
      return issues.length > 0 ? { issues } : { value: { settings, compat, experimentalV1 } };
    },
  },
};

function compatIssues(compat: unknown): readonly { readonly message: string; readonly path: readonly string[] }[] {
  if (!isFields(compat)) return [{ message: 'expected a map of what to override in the compat table', path: ['compat'] }];
  return Object.entries(compat).flatMap(([name, value]) => {
    const wanted = Object.hasOwn(COMPAT_TYPES, name) ? COMPAT_TYPES[name] : undefined;
    if (wanted === undefined) return [{ message: `is not one of ${Object.keys(COMPAT_TYPES).join(', ')}`, path: ['compat', name] }];
    const fits = wanted === 'flag' ? typeof value === 'boolean' : wanted === 'text' ? typeof value === 'string' : wanted === 'list' ? Array.isArray(value) : isFields(value);
    return fits ? [] : [{ message: `expected a ${wanted}`, path: ['compat', name] }];
  });
}
