/** Finds the function that makes a provider among whatever a package exports. */
import { isFields, type Fields } from './specification.ts';

/** A function that makes a provider out of settings; a class is made with `new`. */
export type Factory = (settings: object) => unknown;

/** Members by which a ready provider is known. */
const MODEL_MEMBERS = ['languageModel', 'chatModel', 'embeddingModel', 'textEmbeddingModel', 'rerankingModel'];

/**
 * The factory of a package: the export that is named; else the only `create[A-Z]*` function; else the one whose stem is the longest
 * contained in the package's name; else one with a ready instance of the same name beside it; else a default export that is a function.
 * Throws an Error that lists the candidates.
 */
export function chooseFactory(module: unknown, packageName: string, named?: string): Factory {
  const exported = exportsOf(module);
  if (named !== undefined) return namedFactory(exported, packageName, named);
  const candidates = Object.keys(exported).filter((name) => /^create[A-Z]/.test(name) && typeof exported[name] === 'function');
  const chosen = candidates.length === 1 ? candidates[0] : byName(candidates, packageName) ?? byInstance(candidates, exported);
  if (chosen !== undefined) return exported[chosen] as Factory;
  if (candidates.length === 0 && typeof exported['default'] === 'function') return toFactory(exported['default']);
  const found = candidates.length > 0 ? `exports ${candidates.join(', ')}, and none stands out` : `exports no create* function (it exports ${Object.keys(exported).join(', ') || 'nothing'})`;
  throw new Error(`${packageName} ${found}: name the one to call as \`export\` of the backend.`);
}

/** Every export by name; what a CommonJS module holds counts as exported by name. */
function exportsOf(module: unknown): Fields {
  if (!isFields(module)) return {};
  const inner = module['default'];
  const nested = isFields(inner) && inner['__esModule'] === true ? inner['default'] : undefined;
  return { ...(isFields(inner) ? inner : {}), ...module, ...(typeof nested === 'function' ? { default: nested } : {}) };
}

function namedFactory(exported: Fields, packageName: string, named: string): Factory {
  const value = exported[named];
  if (value === undefined) throw new Error(`${packageName} has no export "${named}"; it exports ${Object.keys(exported).join(', ') || 'nothing'}.`);
  if (isReady(value)) throw new Error(`The export "${named}" of ${packageName} is a ready provider, which would find its key by itself: name the function that makes it.`);
  if (typeof value !== 'function') throw new Error(`The export "${named}" of ${packageName} is no function.`);
  return toFactory(value);
}

function isReady(value: unknown): boolean {
  return (typeof value === 'function' || isFields(value)) && MODEL_MEMBERS.some((member) => typeof (value as unknown as Fields)[member] === 'function');
}

function toFactory(value: unknown): Factory {
  const isClass = typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
  return isClass ? (settings) => new (value as new (settings: object) => unknown)(settings) : (value as Factory);
}

/** The candidate whose stem (`createOpenRouter`: openrouter) is the longest that the package's name contains. */
function byName(candidates: readonly string[], packageName: string): string | undefined {
  const whole = normalised(packageName);
  const fitting = candidates.filter((name) => whole.includes(stemOf(name))).sort((a, b) => b.length - a.length);
  return fitting[0];
}

/** The only candidate beside which stands an instance of its own name, as `openrouter` beside `createOpenRouter`. */
function byInstance(candidates: readonly string[], exported: Fields): string | undefined {
  const names = new Set(Object.keys(exported).filter((name) => !name.startsWith('create')).map(normalised));
  const fitting = candidates.filter((name) => names.has(stemOf(name)));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function stemOf(name: string): string {
  return normalised(name.slice('create'.length));
}

function normalised(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
