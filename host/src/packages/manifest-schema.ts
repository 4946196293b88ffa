/** The shape of a manifest, checked once; what is wrong comes back as sentences an author can act on. */
import { PROVIDED_KINDS, RESERVED_KINDS, type JsonObject, type ProvidedKind } from '@modelport/plugin-api';
import validRange from 'semver/ranges/valid.js';
import * as z from 'zod';
import { didYouMean } from '../errors/catalogue.ts';
import { nearNames } from '../errors/near-names.ts';

/** The manifest as written, with defaults; unknown keys are gone. */
export type WrittenManifest = z.output<ReturnType<typeof buildSchema>>;

let schema: ReturnType<typeof buildSchema> | undefined;

/** What an adapter says of one package it wraps; what only the adapter itself reads is left to it. */
export type WrittenTarget = z.output<ReturnType<typeof buildTargetSchema>>;

let targetSchema: ReturnType<typeof buildTargetSchema> | undefined;

/** Checks one row of the file an adapter's `adapts` names. `path` is where it stands. */
export function parseTarget(value: unknown, path: string): { readonly target: WrittenTarget } | { readonly problems: readonly string[] } {
  targetSchema ??= buildTargetSchema();
  const result = targetSchema.safeParse(value);
  if (result.success) return { target: result.data };
  return { problems: result.error.issues.map((issue) => `${[path, ...issue.path.map(String)].join('.')}: ${sentenceOf(issue)}`) };
}

/** Checks the value of the `modelport` key. The contract range is looked at only as text here; see `contract-range.ts`. */
export function parseManifest(value: unknown): { readonly manifest: WrittenManifest } | { readonly problems: readonly string[] } {
  schema ??= buildSchema();
  const result = schema.safeParse(value);
  if (result.success) return { manifest: result.data };
  return { problems: result.error.issues.map((issue) => `${pathOf(issue.path)}: ${sentenceOf(issue)}`) };
}

/** Built at the first manifest rather than at import: a host that only prints its version does not pay for it. */
function buildSchema() {
  const text = z.string().min(1);
  return z.object({
    manifest: z.literal(1),
    id: z.string().regex(/^[a-z0-9-]{2,40}$/, 'expected 2 to 40 of the characters a-z, 0-9 and -'),
    api: z.string(),
    provides: z.array(z.string().superRefine(checkKind)).min(1, `expected at least one of ${PROVIDED_KINDS.join(', ')}`).transform((kinds) => kinds as ProvidedKind[]),
    options: z.union([text, z.record(z.string(), z.unknown()).transform((options) => options as JsonObject)], { error: 'expected the path of a JSON Schema in the package, or the schema itself' }).optional(),
    ...buildTargetSchema().shape,
    node: z.string().refine((range) => validRange(range) !== null, 'expected a semver range of Node versions, such as ">=22"').optional(),
    docs: z.string().optional(),
    models: z.union([text, z.record(z.string(), z.unknown()).transform((models) => models as JsonObject)], { error: 'expected the path of a JSON file in the package, or an object with facts by model id' }).optional(),
    dialect: text.optional(),
    adapts: text.optional(),
  });
}

/** What a manifest says of secrets and permissions, of its own or of a package it wraps. */
function buildTargetSchema() {
  const text = z.string().min(1);
  const words = z.array(text).default([]);
  return z.object({
    secrets: z.array(z.object({ name: text, env: words, required: z.boolean().default(false), obtain: z.string().optional() })).superRefine(checkNamesOnce).default([]),
    permissions: z.object({ net: words, env: words, files: words, spawn: words }).prefault({}),
  });
}

function checkKind(kind: string, context: z.RefinementCtx): void {
  if ((PROVIDED_KINDS as readonly string[]).includes(kind)) return;
  const message = RESERVED_KINDS.includes(kind)
    ? `"${kind}" is kept for a later version of the contract`
    : `"${kind}" is not one of ${PROVIDED_KINDS.join(', ')}.${didYouMean(nearNames(kind, PROVIDED_KINDS))}`;
  context.addIssue({ code: 'custom', message });
}

function checkNamesOnce(secrets: readonly { readonly name: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  secrets.forEach(({ name }, index) => {
    if (seen.has(name)) context.addIssue({ code: 'custom', path: [index, 'name'], message: `the secret "${name}" is listed twice` });
    seen.add(name);
  });
}

function pathOf(path: readonly PropertyKey[]): string {
  return ['modelport', ...path.map(String)].join('.');
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `${issue.message.endsWith('received undefined') ? 'is missing; ' : ''}expected ${issue.expected}`;
  return issue.message;
}
