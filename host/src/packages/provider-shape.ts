/** Checks what `start()` returned against the contract and against what the manifest announced. */
import { PROVIDED_KINDS, type ProvidedKind } from '@modelport/plugin-api';
import { didYouMean } from '../errors/catalogue.ts';
import { nearNames } from '../errors/near-names.ts';
import { reasonOf } from './thrown-reason.ts';

/** The member that a word of `provides` announces. */
const MEMBER_OF: Readonly<Record<ProvidedKind, string>> = {
  chat: 'chatModel', embedding: 'embeddingModel', rerank: 'rerankModel', models: 'listModels', local: 'local', tools: 'tools',
};

/** Members that are objects, with the functions they must have and may have. */
const OBJECTS: Readonly<Record<string, { readonly must: readonly string[]; readonly may: readonly string[] }>> = {
  local: { must: ['list', 'running', 'show', 'pull', 'remove'], may: ['available', 'load', 'unload'] },
  tools: { must: ['list', 'execute'], may: [] },
};

/** Members that need no word in the manifest. */
const ALWAYS_ALLOWED = ['describeModel', 'checkHealth', 'close'];

/** Every fault of a provider, each with its path; empty when it fits. Empty `provides` = nothing was announced: then anything it offers is fine. */
export function providerProblems(provider: unknown, provides: readonly ProvidedKind[]): readonly string[] {
  if (typeof provider !== 'object' || provider === null) return [`provider: start() returned ${provider === null ? 'null' : Array.isArray(provider) ? 'an array' : typeof provider === 'undefined' ? 'nothing' : `a ${typeof provider}`}, expected an object`];
  const problems: string[] = [];
  const members = membersOf(provider);
  for (const kind of PROVIDED_KINDS) {
    const member = MEMBER_OF[kind];
    const read = readMember(provider, member);
    if ('fault' in read) problems.push(`provider.${member}: ${read.fault}`);
    else if (read.value === undefined) {
      if (provides.includes(kind)) problems.push(`provider.${member}: is missing, although the manifest provides "${kind}".${didYouMean(nearNames(member, members))}`);
    } else {
      if (provides.length > 0 && !provides.includes(kind)) problems.push(`provider.${member}: is there, but "${kind}" is not in the manifest's provides`);
      problems.push(...memberProblems(member, read.value));
    }
  }
  for (const member of ALWAYS_ALLOWED) {
    const read = readMember(provider, member);
    if ('fault' in read) problems.push(`provider.${member}: ${read.fault}`);
    else if (read.value !== undefined && typeof read.value !== 'function') problems.push(`provider.${member}: is ${kindOf(read.value)}, expected a function`);
  }
  if (provides.length === 0 && problems.length === 0 && providedKinds(provider).length === 0) problems.push(`provider: offers nothing; expected one of ${Object.values(MEMBER_OF).join(', ')}`);
  return problems;
}

/** The words for what a provider offers, as a manifest would say it. Meant for providers without faults. */
export function providedKinds(provider: object): readonly ProvidedKind[] {
  return PROVIDED_KINDS.filter((kind) => (provider as Readonly<Record<string, unknown>>)[MEMBER_OF[kind]] !== undefined);
}

function memberProblems(member: string, value: unknown): readonly string[] {
  const shape = OBJECTS[member];
  if (shape === undefined) return typeof value === 'function' ? [] : [`provider.${member}: is ${kindOf(value)}, expected a function`];
  if (typeof value !== 'object' || value === null) return [`provider.${member}: is ${kindOf(value)}, expected an object`];
  return [...shape.must, ...shape.may].flatMap((name) => {
    const read = readMember(value, name);
    if ('fault' in read) return [`provider.${member}.${name}: ${read.fault}`];
    if (typeof read.value === 'function' || (read.value === undefined && shape.may.includes(name))) return [];
    return [`provider.${member}.${name}: is ${read.value === undefined ? 'missing' : kindOf(read.value)}, expected a function`];
  });
}

/** A member may be a getter of foreign code. */
function readMember(owner: object, member: string): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: (owner as Readonly<Record<string, unknown>>)[member] };
  } catch (error) {
    return { fault: `cannot be read: ${reasonOf(error)}` };
  }
}

/** Own names and those of its class, for near names. */
function membersOf(provider: object): readonly string[] {
  const prototype: unknown = Object.getPrototypeOf(provider);
  const inherited = typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype ? Object.getOwnPropertyNames(prototype) : [];
  return [...Object.keys(provider), ...inherited];
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
