/** The benchmark itself: that it runs against the built packages, and that everyone it compares answers right. It asserts no time. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT, runCommand } from '../../config/check/command.ts';
import { CONTENDERS } from './contender.ts';
import { loads } from './loads.ts';
import { median, ratios, spreadOf } from './statistics.ts';

interface Printed {
  readonly quick: boolean;
  readonly sections: readonly { readonly id: string; readonly rows: readonly { readonly title: string; readonly absolute: { readonly cpu: number; readonly wall: number } }[] }[];
}

describe('the quick benchmark', () => {
  beforeAll(async () => {
    const built = await runCommand('tsc', ['-b']);
    if (built.code !== 0) throw new Error(`The packages do not build, so there is nothing to measure:\n${built.output}`);
  });

  it('asks every contender under every load and at every start, and each answers with the text that was sent', async () => {
    const { code, output } = await runCommand('node', ['test/bench/main.ts', '--quick', '--json'], ROOT);
    expect(code, output).toBe(0);
    const { quick, sections } = JSON.parse(output.slice(output.indexOf('{'))) as Printed;
    expect(quick).toBe(true);
    expect(sections.map(({ id }) => id)).toEqual([...loads(true).map(({ id }) => id), 'start-warm', 'start-cold']);
    const titles = CONTENDERS.map(({ title }) => title);
    for (const { id, rows } of sections) {
      expect(rows.map(({ title }) => title), id).toEqual(id.startsWith('start-') ? [titles[0], 'Modelport, 1 plugin', 'Modelport, 3 plugins'] : titles);
      for (const { title, absolute } of rows) expect(absolute.cpu > 0 && absolute.wall > 0, `${id}: ${title}`).toBe(true);
    }
  }, 180_000);
});

describe('its statistics', () => {
  it('take the middle and the quartiles, whatever the order', () => {
    expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4 });
    expect(median([4, 1])).toBe(2.5);
  });

  it('compare what was seen in the same round', () => {
    expect(ratios([2, 30, 400], [1, 10, 100])).toEqual({ median: 3, low: 2.5, high: 3.5 });
  });
});
