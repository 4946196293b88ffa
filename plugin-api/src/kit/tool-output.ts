/** Tool results, and tools another vendor ran, as text a model can read. */
import type { FilePart, ToolCallPart, ToolOutput, ToolResultPart } from '../message.ts';

/** The text of a tool result, and the files it holds, which not every wire can place there. */
export interface ReadableOutput {
  /** The text; files are named in it by their place. */
  readonly text: string;
  /** Files of the result, in order. */
  readonly files: readonly FilePart[];
}

/** Writes a tool's output as text. `denied` is the sentence for a tool the user did not allow, without its end. Custom content is left out. */
export function toReadableOutput(output: ToolOutput, denied = 'The tool was not allowed to run'): ReadableOutput {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return { text: output.value, files: [] };
    case 'json':
    case 'error-json':
      return { text: JSON.stringify(output.value), files: [] };
    case 'execution-denied':
      return { text: denied + (output.reason === undefined ? '.' : `: ${output.reason}`), files: [] };
    case 'content': {
      const texts: string[] = [];
      const files: FilePart[] = [];
      for (const part of output.value) {
        if (part.type === 'text') texts.push(part.text);
        else if (part.type === 'file' || part.type === 'reasoning-file') texts.push(`[file ${files.push(part)}: ${part.filename ?? part.mediaType}]`);
      }
      return { text: texts.join('\n'), files };
    }
  }
}

/** What another vendor's tool was asked, for a wire that has no such tool. */
export function toForeignCallText(part: ToolCallPart): string {
  return `[${part.toolName} was run with ${part.input}]`;
}

/** What another vendor's tool answered, for a wire that has no such tool. */
export function toForeignResultText(part: ToolResultPart): string {
  return `[${part.toolName} answered: ${toReadableOutput(part.output).text}]`;
}
