/** The source files of all packages, each with what it imports, read from the syntax tree. */
import { parseSync, Visitor } from 'oxc-parser';
import { readText, repositoryFiles } from '../../config/check/files.ts';

/** One source file of a package; tests are not among them. */
export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly file: string;
  readonly text: string;
  /** Every module it names: static and dynamic imports, re-exports, imports of types alone. */
  readonly imports: readonly string[];
}

const SOURCE = /^(host|plugin-api|plugin-api\/[\w-]+|plugins\/[\w-]+)\/src\/.+\.ts$/;

/** The modules a text of TypeScript names. */
export function importsOf(file: string, text: string): readonly string[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message ?? ''}`);
  const names: string[] = [];
  const note = (node: { readonly value?: unknown } | null | undefined): void => {
    if (typeof node?.value === 'string') names.push(node.value);
  };
  new Visitor({
    ImportDeclaration: (node) => note(node.source),
    ExportNamedDeclaration: (node) => note(node.source),
    ExportAllDeclaration: (node) => note(node.source),
    ImportExpression: (node) => note(node.source as { readonly value?: unknown }),
    TSImportType: (node) => note(node.source),
  }).visit(program);
  return names;
}

/** Reads all of them. */
export async function sourceFiles(): Promise<readonly SourceFile[]> {
  const files = (await repositoryFiles()).filter((file) => SOURCE.test(file) && !file.endsWith('.test.ts'));
  return Promise.all(
    files.map(async (file) => {
      const text = await readText(file);
      return { file, text, imports: importsOf(file, text) };
    }),
  );
}
