import { formatCount, formatPlural } from '../cli/format.ts';
import type { Dependencies } from '../model/dependencies.ts';
import { layersOf, type Layer } from './graph-layout.ts';
import { html, nothing, type Html } from './html.ts';
import type { Section } from './page.ts';
import { largestOf } from './table.ts';
import { clip, names } from './text.ts';

/** More tables than that are shown as steps: the single arrows could not be followed. */
const MAX_DRAWN = 70;
const MAX_LABEL = 24;
const CHARACTER = 7.3;
const BOX_HEIGHT = 36;
const ROW_PITCH = 46;
const COLUMN_GAP = 70;
const LARGEST_DOT = 11;
const MARGIN = 8;
const HEAD = 20;
const LABEL_LEFT = 32;

export interface SizedTable {
  readonly name: string;
  readonly rowCount: number;
}

/** The tables as a graph, in load order from left to right; null where no table refers to another. */
export function graphSection(
  tables: readonly SizedTable[],
  dependencies: Dependencies,
): Section | null {
  if (dependencies.tables.length === 0) return null;
  const layers = layersOf(dependencies);
  const isDrawn = dependencies.tables.length <= MAX_DRAWN;
  const keys = dependencies.tables.reduce((sum, { refersTo }) => sum + refersTo.length, 0);
  const size = `${formatPlural(dependencies.tables.length, 'table')} in ${formatPlural(layers.length, 'step')}, ${formatPlural(keys, 'reference')}`;
  return {
    id: 'graph',
    title: 'Which table waits for which',
    body: html`<p>
        ${size};
        ${
          dependencies.cycles.length === 0
            ? 'no cycle.'
            : `${formatPlural(dependencies.cycles.length, 'cycle')}:`
        }
      </p>
      ${
        dependencies.cycles.length === 0
          ? nothing
          : html`<ul>
              ${dependencies.cycles.map((cycle) => html`<li><span class="no">cycle</span> ${names(cycle)}: they refer to each other, and load in one transaction</li>`)}
            </ul> `
      }
      <figure>
        <div class="scroll" role="region" aria-label="Drawing of the load order" tabindex="0">
          ${isDrawn ? drawTables(tables, dependencies, layers) : drawSteps(tables, dependencies, layers)}
        </div>
        <figcaption>
          ${
            isDrawn
              ? 'Load order from left to right. An arrow leads from a table to one that refers to it; the dot of a table is as large as its rows; dashed lines mark a cycle.'
              : `Load order from left to right. More than ${MAX_DRAWN} tables are shown as steps, each as high as its tables; the table of the tables says what each refers to.`
          }
        </figcaption>
      </figure> `,
  };
}

interface Box {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

function drawTables(
  tables: readonly SizedTable[],
  { tables: referring, cycles }: Dependencies,
  layers: readonly Layer[],
): Html {
  const rows = new Map(tables.map(({ name, rowCount }) => [name, rowCount]));
  const cyclic = new Map(
    cycles.flatMap((cycle, index) => cycle.map((name) => [name, index] as const)),
  );
  const boxes = placeBoxes(layers);
  const { width, height } = extent([...boxes.values()]);
  const most = largestOf([...rows.values()]);
  const edges = referring.flatMap(({ name, refersTo }) =>
    refersTo.flatMap((parent) => {
      const [from, to] = [boxes.get(parent), boxes.get(name)];
      const cycle = cyclic.get(name);
      const isCycle = cycle !== undefined && cycle === cyclic.get(parent);
      return from === undefined || to === undefined || from === to
        ? []
        : drawEdge(from, to, isCycle);
    }),
  );
  const selfReferring = new Set(
    referring.filter(({ name, refersTo }) => refersTo.includes(name)).map(({ name }) => name),
  );
  return html`<svg
    class="drawing"
    role="img"
    aria-labelledby="graph-name graph-text"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
  >
    <title id="graph-name">The tables in load order</title>
    <desc id="graph-text">
      ${formatPlural(referring.length, 'table')} in ${formatPlural(layers.length, 'step')}. The
      table of the tables says the same in words.
    </desc>
    <defs>
      <marker
        id="tip"
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="7"
        markerHeight="7"
        orient="auto"
      >
        <path class="tip" d="M0 0L8 4L0 8z" />
      </marker>
      <marker
        id="tip-cycle"
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="7"
        markerHeight="7"
        orient="auto"
      >
        <path class="tip cycle" d="M0 0L8 4L0 8z" />
      </marker>
    </defs>
    ${layers.map((layer, index) => drawHead(boxes.get(layer[0] ?? ''), index))} ${edges}
    ${[...boxes.values()].map((box) => drawBox(box, { rowCount: rows.get(box.name), most, isCyclic: cyclic.has(box.name), isSelfReferring: selfReferring.has(box.name) }))}
  </svg> `;
}

function placeBoxes(layers: readonly Layer[]): Map<string, Box> {
  const boxes = new Map<string, Box>();
  const highest = largestOf(layers.map((layer) => layer.length));
  let left = MARGIN;
  for (const layer of layers) {
    const longest = largestOf(layer.map((name) => Math.max(13, clip(name, MAX_LABEL).length)));
    const width = Math.round(LABEL_LEFT + longest * CHARACTER + 10);
    const first = HEAD + ((highest - layer.length) * ROW_PITCH) / 2;
    for (const [index, name] of layer.entries()) {
      boxes.set(name, { name, left, top: MARGIN + first + index * ROW_PITCH, width });
    }
    left += width + COLUMN_GAP;
  }
  return boxes;
}

function extent(boxes: readonly Box[]): { width: number; height: number } {
  return {
    width: largestOf(boxes.map(({ left, width }) => left + width)) + COLUMN_GAP / 2 + MARGIN,
    height: largestOf(boxes.map(({ top }) => top + BOX_HEIGHT)) + MARGIN,
  };
}

function drawHead(box: Box | undefined, index: number): Html {
  return box === undefined
    ? nothing
    : html`<text class="faint" x="${box.left}" y="${MARGIN + 8}">step ${index + 1}</text>`;
}

function drawEdge(from: Box, to: Box, isCycle: boolean): Html {
  const middle = BOX_HEIGHT / 2;
  const startX = from.left + from.width;
  const [startY, endY] = [from.top + middle, to.top + middle];
  // The members of a cycle stand in one column: their arrows leave and arrive at its right.
  const endX = isCycle ? to.left + to.width + 2 : to.left - 2;
  const bend = isCycle ? COLUMN_GAP / 2 : Math.max(COLUMN_GAP / 2, (endX - startX) / 2);
  const path = `M${startX} ${startY}C${startX + bend} ${startY} ${isCycle ? endX + bend : endX - bend} ${endY} ${endX} ${endY}`;
  return isCycle
    ? html`<path class="edge cycle" d="${path}" marker-end="url(#tip-cycle)" /> `
    : html`<path class="edge" d="${path}" marker-end="url(#tip)" /> `;
}

interface BoxWords {
  readonly rowCount: number | undefined;
  readonly most: number;
  readonly isCyclic: boolean;
  readonly isSelfReferring: boolean;
}

function drawBox({ name, left, top, width }: Box, words: BoxWords): Html {
  const { rowCount = 0, most, isCyclic, isSelfReferring } = words;
  const share = most === 0 ? 0 : Math.sqrt(rowCount / most);
  const radius = Math.round((1.5 + share * (LARGEST_DOT - 1.5)) * 10) / 10;
  const size = `${formatPlural(rowCount, 'row')}${isSelfReferring ? ' ↻' : ''}`;
  return html`<g
    ><title>
      ${clip(name, 200)}:
      ${formatPlural(rowCount, 'row')}${isSelfReferring ? ', refers to itself' : ''}${isCyclic ? ', in a cycle' : ''}</title
    ><rect
      class="box${isCyclic ? ' cycle' : ''}"
      x="${left}"
      y="${top}"
      width="${width}"
      height="${BOX_HEIGHT}"
      rx="4"
    /><circle class="dot" cx="${left + 16}" cy="${top + BOX_HEIGHT / 2}" r="${radius}" /><text
      x="${left + LABEL_LEFT}"
      y="${top + 15}"
      >${clip(name, MAX_LABEL)}</text
    ><text class="faint" x="${left + LABEL_LEFT}" y="${top + 29}">${size}</text></g
  > `;
}

const STEP_WIDTH = 120;
const STEPS_HEIGHT = 220;

function drawSteps(
  tables: readonly SizedTable[],
  { tables: referring, cycles }: Dependencies,
  layers: readonly Layer[],
): Html {
  const rows = new Map(tables.map(({ name, rowCount }) => [name, rowCount]));
  const cyclic = new Set(cycles.flat());
  const highest = largestOf(layers.map((layer) => layer.length));
  const width = layers.length * (STEP_WIDTH + 30) + 2 * MARGIN;
  const height = STEPS_HEIGHT + 80;
  return html`<svg
    class="drawing"
    role="img"
    aria-labelledby="graph-name graph-text"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
  >
    <title id="graph-name">The steps of the load order</title>
    <desc id="graph-text">
      ${formatPlural(referring.length, 'table')} in ${formatPlural(layers.length, 'step')}.
    </desc>
    ${layers.map((layer, index) => {
      const left = MARGIN + index * (STEP_WIDTH + 30);
      const tall = Math.max(2, Math.round((layer.length / highest) * STEPS_HEIGHT));
      const members = layer.filter((name) => cyclic.has(name)).length;
      const sum = layer.reduce((total, name) => total + (rows.get(name) ?? 0), 0);
      return html`<g
        ><rect
          class="dot"
          x="${left}"
          y="${MARGIN + STEPS_HEIGHT - tall}"
          width="${STEP_WIDTH}"
          height="${tall}"
          rx="3"
        /><text x="${left}" y="${STEPS_HEIGHT + 28}">step ${index + 1}</text
        ><text class="faint" x="${left}" y="${STEPS_HEIGHT + 43}"
          >${formatPlural(layer.length, 'table')}</text
        ><text class="faint" x="${left}" y="${STEPS_HEIGHT + 57}">${formatPlural(sum, 'row')}</text
        ><text class="faint" x="${left}" y="${STEPS_HEIGHT + 71}"
          >${members === 0 ? '' : `${formatCount(members)} in cycles`}</text
        ></g
      > `;
    })}
  </svg> `;
}
