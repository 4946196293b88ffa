/** `pnpm bench`: what Modelport costs, as ratios to bare undici on the same upstream in the same run, beside what a user would take instead. */
import { parseArgs } from 'node:util';
import { Child } from './child.ts';
import { CONTENDERS } from './contender.ts';
import { loads } from './loads.ts';
import { measureLoads, measureStarts, type Effort } from './measure.ts';
import { formatSection, sectionsOfLoads, sectionsOfStarts, type Section } from './report.ts';

const USAGE = `pnpm bench [--quick] [--json] [--only load,...] [--contenders id,...] [--rounds n]

  --quick        a few seconds: shows that everything runs and answers right, its figures say nothing
  --json         prints data instead of tables
  --only         ${[...loads(false).map(({ id }) => id), 'start'].join(', ')}; default: all
  --contenders   ${CONTENDERS.map(({ id }) => id).join(', ')}; default: all; undici always runs
  --rounds       rounds of each load; default 21, and 15 starts`;

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' }, only: { type: 'string' }, contenders: { type: 'string' }, rounds: { type: 'string' } },
});
if (values.help) {
  console.log(USAGE);
  process.exit();
}

const quick = values.quick ?? false;
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
const effort: Effort = quick
  ? { rounds: 1, warmUp: 0, starts: 1, plugins: [1, 3] }
  : { rounds: rounds ?? 21, warmUp: 12, starts: rounds ?? 15, plugins: [1, 20, 200] };
const only = values.only?.split(',');
const isWanted = (id: string): boolean => only === undefined || only.includes(id);
const onProgress = (what: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${what}`);
};

const upstream = new Child<never, { readonly port: number }>('upstream.ts');
const sections: Section[] = [];
try {
  const baseUrl = `http://127.0.0.1:${(await upstream.ask()).port}/v1`;
  const wanted = loads(quick).filter(({ id }) => isWanted(id));
  if (wanted.length > 0) sections.push(...sectionsOfLoads(await measureLoads(baseUrl, wanted, effort, values.contenders?.split(','), onProgress)));
  if (isWanted('start')) sections.push(...sectionsOfStarts(await measureStarts(baseUrl, effort, onProgress)));
} finally {
  await upstream.close();
}
if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
if (values.json) console.log(JSON.stringify({ node: process.versions.node, quick, ...effort, sections }, undefined, 2));
else {
  console.log(`Node ${process.versions.node}. Ratios to the first row of each table: median (quartiles) over ${effort.rounds} rounds, ${effort.starts} starts.`);
  for (const section of sections) console.log(`\n${formatSection(section)}`);
}
