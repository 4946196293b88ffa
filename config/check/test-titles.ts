/** The titles of the tests in a file, read from its syntax tree, so that a page can point at one. */
import { slug } from 'github-slugger';
import { parseSync, Visitor } from 'oxc-parser';
import type { CallExpression, Expression } from 'oxc-parser';

/** The name a call begins with: `it` of `it.each(...)('...')`. */
function rootName(callee: Expression | { readonly type: string }): string | undefined {
  const node = callee as Expression;
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression') return rootName(node.object);
  if (node.type === 'CallExpression') return rootName(node.callee);
  if (node.type === 'TaggedTemplateExpression') return rootName(node.tag);
  return undefined;
}

/** The title a call of `it`, `test` or `describe` gives, with `${...}` of a template left out. */
function titleOf(call: CallExpression): string | undefined {
  if (!['it', 'test', 'describe'].includes(rootName(call.callee) ?? '')) return undefined;
  const first = call.arguments[0];
  if (first?.type === 'Literal' && typeof first.value === 'string') return first.value;
  if (first?.type === 'TemplateLiteral') return first.quasis.map((quasi) => quasi.value.cooked ?? '').join('');
  return undefined;
}

/** Every title in the file, in order. */
export function testTitles(file: string, source: string): readonly string[] {
  const titles: string[] = [];
  new Visitor({
    CallExpression(call) {
      const title = titleOf(call);
      if (title !== undefined) titles.push(title);
    },
  }).visit(parseSync(file, source).program);
  return titles;
}

/** Whether what stands after `#` names a test of the file: its title, or the title the way a heading becomes an anchor. */
export function namesTest(anchor: string, titles: readonly string[]): boolean {
  return titles.some((title) => title === anchor || slug(title) === anchor);
}
