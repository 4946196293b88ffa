/** Tool results as text a model can read. */
import type { FilePart, ToolOutput } from '@modelport/plugin-api';

/** The text of a tool result, and the files it holds, which travel elsewhere. */
export interface ReadableOutput {
  /** The text; files are named in it by their place. */
  readonly text: string;
  /** Files of the result, in order. */
  readonly files: readonly FilePart[];
}

/** Writes a tool's output as text. */
export function toReadableOutput(output: ToolOutput): ReadableOutput {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return { text: output.value, files: [] };
    case 'json':
    case 'error-json':
      return { text: JSON.stringify(output.value), files: [] };
    case 'execution-denied':
      return { text: output.reason === undefined ? 'The user did not allow this tool.' : `The user did not allow this tool: ${output.reason}`, files: [] };
    case 'content': {
      const files: FilePart[] = [];
      const texts = output.value.flatMap((part) => {
        if (part.type === 'text') return [part.text];
        if (part.type === 'custom') return [];
        return [`[file ${files.push(part)}: ${part.filename ?? part.mediaType}]`];
      });
      return { text: texts.join('\n'), files };
    }
  }
}
