/** Neutral faults as faults of bytes and sockets, for wires of text lines. */
import type { Fault } from '../../upstream/fault.ts';
import { deltasOf } from '../../upstream/turn.ts';
import type { UpstreamTurn } from '../upstream-adapter.ts';

/** The faults of a turn. `errorEvent` is the vendor's own error as an event of its stream. */
export function faultsOf({ fault, text }: UpstreamTurn, errorEvent: object): readonly Fault[] {
  // The text as JSON writes it, without quotes: that is how it stands in the bytes.
  const afterText = JSON.stringify(deltasOf(text)[0] ?? '').slice(1, -1);
  switch (fault) {
    case undefined: return [];
    case 'silence': return [{ type: 'silence' }];
    case 'html': return [{ type: 'html' }];
    case 'every-byte': return [{ type: 'split', at: 'every-byte' }];
    case 'every-event': return [{ type: 'split', at: 'every-line' }];
    case 'error-event': return [{ type: 'error-event', before: 0, afterText, error: errorEvent }];
    case 'stall': return [{ type: 'stall', afterText }];
    case 'cut': return [{ type: 'cut', afterText }];
    case 'close': return [{ type: 'close', afterText }];
    case 'reset': return [{ type: 'reset', afterText }];
    default: throw new TypeError(`The fault ${String(fault)} is unknown.`);
  }
}
