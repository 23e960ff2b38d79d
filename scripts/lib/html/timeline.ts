import { formatDuration, formatPlural } from '../cli/format.ts';
import { html, type Html } from './html.ts';
import { largestOf } from './table.ts';
import { clip } from './text.ts';

export interface LoadedTable {
  readonly target: string;
  readonly rowCount: number;
  /** In ISO 8601; null when it was not loaded. */
  readonly startedAt: string | null;
  readonly job: number | null;
  readonly elapsedMs: number;
}

/** More tables than that share a lane with all that their session loaded. */
const MAX_LINES = 60;
const WIDTH = 960;
const LABEL = 190;
const RIGHT = 170;
const PITCH = 22;
const TOP = 26;
const MOST_TICKS = 6;
const MAX_LABEL = 25;

interface Load {
  readonly table: LoadedTable;
  /** Milliseconds since the first began. */
  readonly fromMs: number;
  readonly job: number;
}

/** When each table was loaded, and by which session; null where that is not known of any. */
export function drawTimeline(tables: readonly LoadedTable[], id: string): Html | null {
  const begun = tables.flatMap((table) =>
    table.startedAt === null
      ? []
      : [{ table, at: Date.parse(table.startedAt), job: table.job ?? 1 }],
  );
  if (begun.length === 0) return null;
  const first = begun.reduce((earliest, { at }) => Math.min(earliest, at), Infinity);
  const loads = begun
    .map(({ table, at, job }): Load => ({ table, fromMs: at - first, job }))
    .toSorted((a, b) => a.fromMs - b.fromMs);
  const totalMs = Math.max(
    1,
    largestOf(loads.map(({ fromMs, table }) => fromMs + table.elapsedMs)),
  );
  const jobs = [...new Set(loads.map(({ job }) => job))].toSorted((a, b) => a - b);
  const isByTable = loads.length <= MAX_LINES;
  const height = TOP + (isByTable ? loads.length : jobs.length) * PITCH + 6;
  const at = (milliseconds: number): number =>
    Math.round((LABEL + (milliseconds / totalMs) * (WIDTH - LABEL - RIGHT)) * 10) / 10;
  return html`<figure>
    <div class="scroll" role="region" aria-label="Drawing of the load in time" tabindex="0">
      <svg
        class="drawing"
        role="img"
        aria-labelledby="${id}-name ${id}-text"
        width="${WIDTH}"
        height="${height}"
        viewBox="0 0 ${WIDTH} ${height}"
      >
        <title id="${id}-name">The load in time</title>
        <desc id="${id}-text">
          ${formatPlural(loads.length, 'table')}, ${formatPlural(jobs.length, 'job')} side by side,
          ${formatDuration(totalMs)}. The table of the tables says when each began and how long it
          took.
        </desc>
        ${ticksOf(totalMs).map((milliseconds) => drawTick(milliseconds, at, height))}
        ${isByTable ? loads.map((load, line) => drawLine(load, line, at)) : [drawLanes(loads, jobs, at)]}
      </svg>
    </div>
    <figcaption>
      ${
        isByTable
          ? 'Each table from its first row to its last check, before it was committed; tables of a cycle are committed together. A job is a session of its own.'
          : 'Each session with the tables that it loaded, one after the other; the table of the tables says which.'
      }
    </figcaption>
  </figure> `;
}

type Scale = (milliseconds: number) => number;

/** Round numbers of milliseconds from 0 to the end. */
function ticksOf(totalMs: number): number[] {
  const power = 10 ** Math.floor(Math.log10(totalMs));
  const steps = [power / 5, power / 2, power, 2 * power, 5 * power];
  const step = steps.find((size) => totalMs / size < MOST_TICKS) ?? totalMs;
  return Array.from({ length: Math.floor(totalMs / step) + 1 }, (_, index) => index * step);
}

function drawTick(milliseconds: number, at: Scale, height: number): Html {
  const x = at(milliseconds);
  return html`<line class="grid" x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${height - 4}" /><text
      class="faint"
      x="${x}"
      y="${TOP - 11}"
      text-anchor="middle"
      >${formatDuration(milliseconds)}</text
    > `;
}

function drawLine({ table, fromMs, job }: Load, line: number, at: Scale): Html {
  const [left, right] = [at(fromMs), at(fromMs + table.elapsedMs)];
  const y = TOP + line * PITCH;
  return html`<g
    ><title>${clip(table.target, 200)}</title
    ><text x="0" y="${y + 13}">${clip(table.target, MAX_LABEL)}</text>${lane(left, right, y)}<text
      class="faint"
      x="${right + 6}"
      y="${y + 13}"
      >job ${job}, ${formatDuration(table.elapsedMs)}</text
    ></g
  > `;
}

function drawLanes(loads: readonly Load[], jobs: readonly number[], at: Scale): Html {
  return html`${jobs.map((job, index) => {
    const own = loads.filter((load) => load.job === job);
    const y = TOP + index * PITCH;
    return html`<text x="0" y="${y + 13}">job ${job}: ${formatPlural(own.length, 'table')}</text>
      ${own.map(({ table, fromMs }) => html`<g><title>${clip(table.target, 60)}</title>${lane(at(fromMs), at(fromMs + table.elapsedMs), y)}</g>`)} `;
  })}`;
}

function lane(left: number, right: number, y: number): Html {
  const width = Math.round(Math.max(1.5, right - left) * 10) / 10;
  return html`<rect
    class="lane"
    x="${left}"
    y="${y + 3}"
    width="${width}"
    height="${PITCH - 8}"
    rx="2"
  />`;
}
