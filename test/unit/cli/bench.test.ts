import { describe, expect, it } from 'vitest';
import { missingProgram } from '../../../scripts/lib/bench/contestants/index.ts';
import { ratiosOf } from '../../../scripts/lib/bench/ratios.ts';
import { drawChart } from '../../../scripts/lib/cli/bench-chart.ts';
import { parseCommandLine } from '../../../scripts/lib/cli/command-line.ts';
import { benchScript } from '../../../scripts/lib/cli/commands/bench.ts';
import { benchmarkOf, measuredCase } from '../../support/benchmark.ts';

function flagsOf(...argv: string[]) {
  return parseCommandLine(benchScript.commandLine, argv).flags;
}

describe('the flags of bench', () => {
  it('measure orders at scale 1 in three rounds unless told otherwise', () => {
    const { case: cases, ...flags } = flagsOf();
    expect(cases.map(({ name }) => name)).toEqual(['orders']);
    expect(flags).toMatchObject({ scale: 1, rounds: 3, only: null, growth: false });
  });

  it('choose cases, all of them by one word', () => {
    expect(flagsOf('--case', 'many-columns,orders').case.map(({ name }) => name)).toEqual([
      'orders',
      'many-columns',
    ]);
    expect(flagsOf('--case', 'all').case).toHaveLength(4);
  });

  it('choose who is measured, in the order of measuring', () => {
    expect(flagsOf('--only', 'floor, import').only).toEqual(['import', 'floor']);
  });

  it.each([
    [['--scale', '0'], 'must be above 0'],
    [['--scale', '1e3'], 'must be a number such as 1 or 0.05'],
    [['--scale', '-1'], 'must be a number such as 1 or 0.05'],
    [['--rounds', '0'], 'must be a whole number from 1'],
    [['--case', 'invoices'], 'there is no case invoices; there are orders, wide-rows'],
    [['--case', 'orders,'], 'holds an empty name'],
    [['--only', 'mysql'], 'mysql is not measured; there are analyze, export'],
    [['--cache', ''], 'must not be empty'],
  ])('refuse %j', (argv, message) => {
    expect(() => flagsOf(...argv)).toThrow(message);
  });
});

describe('a program that is not installed', () => {
  const none = { sqlite3: null, sha256sum: null, pgloader: null };

  it.each([
    ['floor', 'sqlite3 is not installed'],
    ['sqlite-csv', 'sqlite3 is not installed'],
    ['sha256sum', 'sha256sum is not installed'],
    ['pgloader', 'pgloader is not installed'],
    ['import', null],
  ] as const)('leaves out %s: %s', (name, reason) => {
    expect(missingProgram(name, none)).toBe(reason);
  });

  it('leaves out nothing where it is installed', () => {
    expect(missingProgram('pgloader', { ...none, pgloader: '3.6.9' })).toBeNull();
  });
});

describe('the chart', () => {
  const measured = measuredCase({ import: 3000, floor: 2500 });
  const svg = drawChart(benchmarkOf([measured], ratiosOf(measured, null)));

  it('has a bar for each time, as long as the time', () => {
    const widths = [...svg.matchAll(/<rect class="(\w+)"[^>]* width="([\d.]+)"/g)];
    expect(widths.map(([, style, width]) => [style, Number(width)])).toEqual([
      ['ours', 330],
      ['other', 275],
    ]);
  });

  it('names what counts with its target, and leaves out what was not measured', () => {
    expect(svg).toContain('1.20  (target ≤ 1.10: missed)');
    expect(svg).not.toContain('pgloader');
  });

  it('is legible on dark pages too, and escapes what XML would take for marks', () => {
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).toContain('A &amp; B &lt;1 GHz&gt;');
  });
});
