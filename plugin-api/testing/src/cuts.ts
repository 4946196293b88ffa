/** Bytes cut into pieces, as a network may. */

/** Bytes cut at these offsets, in any order; those at or beyond an end, and doubled ones, cut nothing. */
export function cutAt(bytes: Buffer, offsets: readonly number[]): Buffer[] {
  const edges = [0, ...offsets.filter((at) => at > 0 && at < bytes.length).toSorted((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge)).filter((piece) => piece.length > 0);
}

/** Every way to cut bytes in two, with the offset of the cut: at each byte but the first. */
export function* everyCut(bytes: Buffer): Generator<{ readonly at: number; readonly pieces: readonly [Buffer, Buffer] }, void, undefined> {
  for (let at = 1; at < bytes.length; at += 1) yield { at, pieces: [bytes.subarray(0, at), bytes.subarray(at)] };
}
