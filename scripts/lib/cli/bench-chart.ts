import type { Benchmark, MeasuredCase, Measurement, Ratio } from '../model/benchmark.ts';
import { COMPRESSED_STAGES, OUR_STAGES } from '../model/benchmark.ts';
import { CONTESTANT_TITLES, caseTitle, formatRatioValue, formatSeconds } from './bench-table.ts';
import { formatCount } from './format.ts';

const WIDTH = 820;
const LINE_HEIGHT = 22;
const BAR_HEIGHT = 14;
const BAR_LEFT = 300;
const BAR_WIDTH = 330;
const MARGIN = 20;

/** Legible on white and on black, whichever the reader's page has. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .small { font-size: 11px; fill: #59636e; }
  .ours { fill: #0969da; }
  .other { fill: #8c959f; }
  .missed { fill: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .small { fill: #9198a1; }
    .ours { fill: #4493f8; }
    .other { fill: #656c76; }
    .missed { fill: #db6d28; }
  }`;

/**
 * The figures of a benchmark as an SVG picture: a bar for each time, the shorter the better, and
 * below each case the figures that count with their targets.
 */
export function drawChart({ cases, ratios, machine, rounds }: Omit<Benchmark, 'chart'>): string {
  const lines = cases.flatMap((measured) => [
    ...drawCase(measured),
    ...ratios
      .filter((ratio) => ratio.case === measured.name && isFirst(measured, cases))
      .flatMap(drawRatio),
    blank,
  ]);
  const note = `median of ${rounds}; ${machine.cpu}, ${machine.cores} cores, PostgreSQL ${machine.postgres}, Node ${machine.node}`;
  const all = [...lines, (y: number): string => text(MARGIN, y, note, 'small')];
  const height = MARGIN * 2 + all.length * LINE_HEIGHT;
  const drawn = all.map((line, index) => line(MARGIN + (index + 0.5) * LINE_HEIGHT));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>How long the scripts take, in seconds</title>
<style>${STYLE}
</style>
${drawn.filter((line) => line !== '').join('\n')}
</svg>
`;
}

/** Draws one line of the picture around the height that it is given. */
type Line = (y: number) => string;

const blank: Line = () => '';

function isFirst(measured: MeasuredCase, cases: readonly MeasuredCase[]): boolean {
  return cases.find(({ name }) => name === measured.name) === measured;
}

function drawCase(measured: MeasuredCase): Line[] {
  const longest = Math.max(1, ...measured.measurements.map(({ medianMs }) => medianMs ?? 0));
  return [
    (y) => text(MARGIN, y, `${caseTitle(measured)} (seconds)`, 'title'),
    ...measured.measurements.map((measurement) => drawBar(measurement, longest)),
  ];
}

function drawBar(measurement: Measurement, longest: number): Line {
  const { contestant, medianMs, rowsPerSecond, missing } = measurement;
  const isOurs = [...OUR_STAGES, ...COMPRESSED_STAGES].some((stage) => stage === contestant);
  const width = (BAR_WIDTH * (medianMs ?? 0)) / longest;
  const value =
    medianMs === null
      ? (missing ?? 'not measured')
      : `${formatSeconds(medianMs)}  (${formatCount(rowsPerSecond ?? 0)} rows/s)`;
  return (y) =>
    [
      text(MARGIN, y, CONTESTANT_TITLES[contestant]),
      `<rect class="${isOurs ? 'ours' : 'other'}" x="${BAR_LEFT}" y="${y - BAR_HEIGHT / 2}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="2"/>`,
      text(BAR_LEFT + width + 8, y, value, medianMs === null ? 'small' : undefined),
    ].join('');
}

/** What was not measured is left out. */
function drawRatio({ name, value, target, unit, isMet }: Ratio): Line[] {
  if (value === null) return [];
  const verdict = isMet === true ? 'met' : 'missed';
  const words = `${formatRatioValue(value, unit)}  (target ≤ ${formatRatioValue(target, unit)}: ${verdict})`;
  const style = isMet === true ? undefined : 'missed';
  return [(y) => text(MARGIN, y, name, 'small') + text(BAR_LEFT, y, words, style)];
}

function text(x: number, y: number, content: string, style?: string): string {
  const attribute = style === undefined ? '' : ` class="${style}"`;
  return `<text${attribute} x="${x.toFixed(1)}" y="${y}" dominant-baseline="central">${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
