import { describe, expect, it } from 'vitest';
import type { FilePart, ToolOutput } from '../../src/index.ts';
import { toForeignCallText, toForeignResultText, toReadableOutput } from '../../src/kit/index.ts';

const image: FilePart = { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AQID' } };
const report: FilePart = { ...image, mediaType: 'application/pdf', filename: 'report.pdf' };

describe('toReadableOutput', () => {
  it.each<[ToolOutput, string]>([
    [{ type: 'text', value: 'fine' }, 'fine'], [{ type: 'error-text', value: 'broken' }, 'broken'],
    [{ type: 'json', value: { a: [1] } }, '{"a":[1]}'], [{ type: 'error-json', value: null }, 'null'],
    [{ type: 'execution-denied' }, 'The tool was not allowed to run.'], [{ type: 'execution-denied', reason: 'no' }, 'The tool was not allowed to run: no'],
  ])('writes %j as text', (output, text) => {
    expect(toReadableOutput(output)).toEqual({ text, files: [] });
  });

  it('names files by their place and hands them over', () => {
    const output: ToolOutput = { type: 'content', value: [{ type: 'text', text: 'Here.' }, image, { type: 'custom', kind: 'acme.block' }, report] };
    expect(toReadableOutput(output)).toEqual({ text: 'Here.\n[file 1: image/png]\n[file 2: report.pdf]', files: [image, report] });
  });

  it('takes another sentence for what was denied', () => {
    expect(toReadableOutput({ type: 'execution-denied', reason: 'no' }, 'Denied').text).toBe('Denied: no');
  });
});

it('what another vendor’s tool was asked and answered is a sentence each', () => {
  expect(toForeignCallText({ type: 'tool-call', toolCallId: 'c', toolName: 'search', input: '{"q":1}' })).toBe('[search was run with {"q":1}]');
  expect(toForeignResultText({ type: 'tool-result', toolCallId: 'c', toolName: 'search', output: { type: 'json', value: ['hit'] } })).toBe('[search answered: ["hit"]]');
});
