/** What holds for every stream, however a plugin makes it. */
import type { ChatPart } from '@modelport/plugin-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedResult } from '../../src/streams/check-result.ts';
import { checkGrammar } from '../../src/streams/grammar.ts';
import { contents, faultyParts, messes, results, usages } from './arbitrary-parts.ts';
import { finish, runStream } from './run-stream.ts';

const runs = { numRuns: 300 };

/** Groups parts into batches: a number n takes n parts as an array, 0 takes one part bare. */
function grouped(parts: readonly ChatPart[], sizes: readonly number[]): (ChatPart | readonly ChatPart[])[] {
  const batches: (ChatPart | readonly ChatPart[])[] = [];
  for (let at = 0, turn = 0; at < parts.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 0;
    const part = parts[at];
    batches.push(size === 0 && !Array.isArray(part) ? part as ChatPart : parts.slice(at, at + Math.max(1, size)));
    at += Math.max(1, size);
  }
  return batches;
}

/** The parts a plugin streams for a result: text and tool input in pieces. */
function streamed(content: ReturnType<typeof checkedResult>['content']): ChatPart[] {
  return content.flatMap((part, index): ChatPart[] => {
    if (part.type === 'tool-call') {
      const { toolCallId: id, toolName, input } = part;
      return [{ type: 'tool-input-start', id, toolName }, ...[...input].map((delta) => ({ type: 'tool-input-delta' as const, id, delta })), { type: 'tool-input-end', id }, part];
    }
    if (part.type !== 'text' && part.type !== 'reasoning') return [part];
    const { type, text, ...carried } = part;
    const id = `b${index}`;
    return [{ type: `${type}-start`, id }, ...[...text].map((delta) => ({ type: `${type}-delta` as const, id, delta })), { type: `${type}-end`, id, ...carried }];
  });
}

describe('every stream', () => {
  it('comes out the same however its parts are grouped into batches', () => {
    fc.assert(fc.property(messes, fc.boolean(), fc.array(fc.nat({ max: 5 }), { minLength: 1 }), (mess, ends, sizes) => {
      const parts = ends ? [...mess, finish] : mess;
      const one = runStream(parts);
      const other = runStream(grouped(parts, sizes));
      expect(other.parts).toStrictEqual(one.parts);
      expect(other.error?.message).toBe(one.error?.message);
    }), runs);
  });

  it('comes out well-formed or ends in PROTOCOL, whatever the plugin yields', () => {
    fc.assert(fc.property(messes, fc.boolean(), (mess, ends) => {
      const { parts, error, fold } = runStream(ends ? [...mess, finish] : mess);
      expect(checkGrammar(parts, { cut: error !== undefined })).toEqual([]);
      expect(error?.code ?? fold.result().finishReason.unified).toBe(error === undefined ? fold.partial().finishReason.unified : 'PROTOCOL');
      expect(error !== undefined || parts.at(-1)?.type === 'finish').toBe(true);
    }), { numRuns: 1000 });
  });

  it('loses no character of text or reasoning, whatever the plugin yields', () => {
    const said = (parts: readonly unknown[], kind: string) => (parts as { type?: string; delta?: string; text?: string }[]).map((part) => (part.type === `${kind}-delta` ? part.delta : part.type === kind ? part.text : '')).join('');
    fc.assert(fc.property(messes.map((mess) => mess.filter((part) => !part.type?.startsWith('tool'))), (mess) => {
      const { parts, fold } = runStream([...mess, finish]);
      expect(said(parts, 'text')).toBe(said(mess, 'text'));
      expect(said(parts, 'reasoning')).toBe(said(mess, 'reasoning'));
      expect([...fold.text()].toSorted().join('')).toBe([...said(mess, 'text')].toSorted().join(''));
    }), runs);
  });

  it('passes unchanged when it is well-formed already', () => {
    fc.assert(fc.property(messes, (mess) => {
      const { parts, error } = runStream([...mess, finish]);
      fc.pre(error === undefined);
      expect(runStream(parts).parts).toStrictEqual(parts);
    }), runs);
  });

  it('names the fault of the plugin in a PROTOCOL error and keeps what came before', () => {
    fc.assert(fc.property(contents, faultyParts, fc.boolean(), (content, fault, batched) => {
      const good = streamed(content);
      const { parts, error, fold } = runStream(batched ? [[...good, fault, finish]] : [...good, Array.isArray(fault) ? [fault] : fault, finish]);
      expect(error?.code).toBe('PROTOCOL');
      expect(error?.message).toMatch(/^The plugin broke the contract: .+\.$/);
      expect(error?.facts.retryable).toBe(false);
      expect(parts).toEqual(runStream([...good, finish]).parts.slice(0, good.length === 0 ? parts.length : good.length + 1));
      expect(fold.partial().finishReason.unified).toBe('interrupted');
    }), runs);
  });

  it('that is cut after any part ends in a retryable PROTOCOL error with the partial, never in a whole answer', () => {
    fc.assert(fc.property(contents, usages, fc.double({ min: 0, max: 1, noNaN: true }), (content, usage, where) => {
      const whole = streamed(content);
      const sent: ChatPart[] = [{ type: 'usage', usage }, ...whole];
      const { parts, error, fold } = runStream(sent.slice(0, 1 + Math.floor(where * whole.length)));
      expect(error?.code).toBe('PROTOCOL');
      expect(error?.facts).toMatchObject({ retryable: true, usage });
      expect(checkGrammar(parts, { cut: true })).toEqual([]);
      expect(() => fold.result()).toThrow('may be cut');
      expect(fold.partial()).toMatchObject({ finishReason: { unified: 'interrupted' }, usage });
      expect(runStream([...sent, finish]).fold.text().startsWith(fold.text())).toBe(true);
    }), runs);
  });
});

describe('folding', () => {
  it('gives for a stream what complete() gives for its result', () => {
    fc.assert(fc.property(results, fc.array(fc.nat({ max: 5 }), { minLength: 1 }), (result, sizes) => {
      const sent: ChatPart[] = [
        { type: 'stream-start', warnings: result.warnings ?? [] }, ...(result.response === undefined ? [] : [{ type: 'response-metadata' as const, ...result.response }]),
        ...streamed(result.content),
        { type: 'finish', finishReason: result.finishReason, usage: result.usage, ...(result.providerMetadata === undefined ? {} : { providerMetadata: result.providerMetadata }) },
      ];
      expect(runStream(grouped(sent, sizes)).fold.result()).toStrictEqual(result);
      expect(checkedResult(result)).toStrictEqual(result);
    }), runs);
  });
});
