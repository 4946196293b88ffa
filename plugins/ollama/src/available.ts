/** Models to begin with: Ollama has no list a program may ask for, so this is one that was read on a day. */
import type { AvailableModel } from '@modelport/plugin-api';

/** The day the list was read. */
const AS_OF = '2026-11-21';

/** Ids, and their size in megabytes where Ollama's README states it. Source: README.md of github.com/ollama/ollama, and its docs/api.md. */
const RECOMMENDED: readonly (readonly [id: string, megabytes?: number])[] = [
  ['gemma3:1b', 815], ['gemma3:4b', 3_300], ['gemma3:12b', 8_100], ['gemma3:27b', 17_000],
  ['llama3.2:1b', 1_300], ['llama3.2:3b', 2_000], ['llama3.1:8b', 4_700], ['llama3.3:70b', 43_000],
  ['deepseek-r1:7b', 4_700], ['mistral:7b', 4_100], ['phi4-mini', 2_500], ['phi4', 9_100], ['qwq', 20_000],
  ['qwen3:8b'], ['gpt-oss:20b'],
  ['llama3.2-vision', 7_900], ['moondream', 829],
  ['nomic-embed-text'], ['all-minilm'],
];

/** The list by family, embedding models last. Every other id of https://ollama.com/library can be pulled too. */
export function* readAvailableModels(): Generator<AvailableModel, void, undefined> {
  for (const [id, megabytes] of RECOMMENDED) yield { id, ...(megabytes === undefined ? {} : { sizeBytes: megabytes * 1e6 }), asOf: AS_OF };
}
