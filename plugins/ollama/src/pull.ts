/** The lines of a pull become progress of the whole model: layers come one after the other and are added up by digest. */
import type { HttpResponse, PullProgress } from '@modelport/plugin-api';
import { protocolError, readJsonLines } from '@modelport/plugin-api/kit';
import { insideAnswer, type AskedModel } from './error.ts';
import type { WirePullLine } from './wire.ts';

/**
 * Reads a pull. Source: "Pull a Model" of Ollama's docs/api.md. Throws what an error line says, and PROTOCOL (retryable, since repeating a
 * pull resumes it) where the lines end without "success".
 */
export async function* readPull(response: HttpResponse, asked: AskedModel): AsyncGenerator<PullProgress, void, undefined> {
  const layers = new Layers();
  let cut = false;
  for await (const lines of readJsonLines(response.body, { onInvalid: () => { cut = true; } })) {
    let latest: PullProgress | undefined;
    for (const line of lines as readonly WirePullLine[]) {
      if (line.error !== undefined && line.error !== null) {
        if (latest !== undefined) yield latest;
        throw insideAnswer(line.error, response.headers, asked);
      }
      const progress = layers.take(line);
      // Of one read's lines within one phase only the latest is news.
      if (latest !== undefined && latest.phase !== progress.phase) yield latest;
      latest = progress;
      if (progress.phase === 'complete') {
        yield progress;
        return;
      }
    }
    if (latest !== undefined) yield latest;
  }
  throw protocolError(`The pull of ${asked.modelId ?? 'the model'} ended ${cut ? 'in the middle of a line' : 'without "success"'}, so it is not finished. Pull again: what was fetched is kept.`, response.headers, true);
}

/** What is known of the model's layers so far. */
class Layers {
  private readonly byDigest = new Map<string, { completed: number; total: number }>();
  private phase: PullProgress['phase'] = 'starting';

  take({ status = '', digest, total, completed }: WirePullLine): PullProgress {
    if (status === 'success') this.phase = 'complete';
    else if (digest !== undefined && total !== undefined) {
      this.phase = 'downloading';
      const layer = this.byDigest.get(digest) ?? { completed: 0, total: 0 };
      // A layer that is fetched anew, in part, reports less than before: what was told stays told.
      this.byDigest.set(digest, { total: Math.max(layer.total, total), completed: Math.max(layer.completed, completed ?? 0) });
    } else if (/^(verifying|writing|removing)/.test(status)) this.phase = 'verifying';
    return { phase: this.phase, ...this.figures(), ...(status === '' ? {} : { detail: status }) };
  }

  private figures(): Pick<PullProgress, 'completedBytes' | 'totalBytes'> {
    if (this.byDigest.size === 0) return {};
    let completedBytes = 0;
    let totalBytes = 0;
    for (const layer of this.byDigest.values()) {
      completedBytes += layer.completed;
      totalBytes += layer.total;
    }
    // The last lines of a layer may be skipped; past the download everything is there.
    return { completedBytes: this.phase === 'downloading' ? completedBytes : totalBytes, totalBytes };
  }
}
