/** How a backend and what befell it look in a terminal. */
import type { BackendDescription } from '@modelport/host';
import { CONTRACT_VERSION } from '@modelport/plugin-api';
import type { Palette } from './palette.ts';
import { shortPath } from './paths.ts';
import { indented, type Cell } from './table.ts';

/** A state as a cell, in the colour of its news. */
export function stateCell(state: BackendDescription['state'], paint: Palette): Cell {
  const words: Readonly<Record<BackendDescription['state'], string>> = {
    disabled: 'switched off', idle: 'ready', starting: 'starting', active: 'active', stale: 'serves with old options',
    'needs-secret': 'needs a secret', quarantined: 'failed', removed: 'removed',
  };
  const bad = state === 'quarantined' || state === 'stale';
  return { text: words[state], paint: bad ? paint.red : state === 'needs-secret' ? paint.yellow : state === 'disabled' ? paint.dim : paint.green };
}

/** Name, package, contract, what it offers, where it lies, how it stands. */
export function backendRow(backend: BackendDescription, paint: Palette): readonly Cell[] {
  return [
    { text: backend.name, paint: paint.bold },
    { text: packageText(backend) },
    { text: contractText(backend.api) },
    { text: backend.provides.join(', ') },
    { text: backend.folder === undefined ? '' : shortPath(backend.folder), paint: paint.dim },
    stateCell(backend.state, paint),
  ];
}

/** `@modelport/scripted 0.1.0`. */
export function packageText({ plugin, version }: Pick<BackendDescription, 'plugin' | 'version'>): string {
  return version === undefined ? plugin : `${plugin} ${version}`;
}

/** The range a plugin asks for, against what this host offers. */
export function contractText(range: string | undefined): string {
  return range === undefined ? '' : `contract ${range} (offered: ${CONTRACT_VERSION})`;
}

/** Code, message and remedy of a failed backend, indented. */
export function failureLines(failure: NonNullable<BackendDescription['failure']>, paint: Palette): string {
  return indented(`${paint.red(failure.code)}: ${failure.message}\n${paint.cyan('fix')}: ${failure.remedy}`, 4);
}
