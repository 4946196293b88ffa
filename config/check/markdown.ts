/** What the checks read out of a Markdown page: its links, its anchors, its fences. */
import GithubSlugger from 'github-slugger';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';

/** A link or image of a page. */
export interface Link {
  readonly target: string;
  readonly line: number;
}

/** A fenced block of a page. */
export interface Fence {
  /** First word after the three ticks, such as `ts`. */
  readonly language: string;
  /** The further words after the ticks, such as `run`. */
  readonly marks: readonly string[];
  readonly text: string;
  /** Line of the first line of code, counted from 1. */
  readonly line: number;
}

/** A page, read. */
export interface Page {
  readonly links: readonly Link[];
  /** What may stand after `#` in a link to this page. */
  readonly anchors: ReadonlySet<string>;
  readonly fences: readonly Fence[];
}

/** All text below a node, as a heading shows it. */
function textOf(node: Nodes): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
}

/** Reads a page of CommonMark. */
export function readPage(markdown: string): Page {
  const links: Link[] = [];
  const anchors = new Set<string>();
  const fences: Fence[] = [];
  const slugger = new GithubSlugger();
  const visit = (node: Nodes): void => {
    const line = node.position?.start.line ?? 0;
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') links.push({ target: node.url, line });
    if (node.type === 'heading') anchors.add(slugger.slug(textOf(node)));
    if (node.type === 'html') {
      for (const [, name] of node.value.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(name ?? '');
    }
    if (node.type === 'code' && node.lang) {
      fences.push({ language: node.lang, marks: (node.meta ?? '').split(/\s+/).filter(Boolean), text: node.value, line: line + 1 });
    }
    if ('children' in node) node.children.forEach(visit);
  };
  visit(fromMarkdown(markdown));
  return { links, anchors, fences };
}
