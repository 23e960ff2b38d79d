import { formatBytes, formatCount, formatDuration } from '../cli/format.ts';
import { html, nothing, type Html, type Part } from './html.ts';

/** What stands in a field, and the number to sort by where the text itself is no number. */
export interface Cell {
  readonly shown: Part;
  readonly value: number;
}

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  /** The first cell of each row is its head. */
  readonly rows: readonly (readonly (Part | Cell)[])[];
}

/** Rows that take a moment to lay out. */
const MANY_ROWS = 200;

export function isLong(rows: readonly unknown[]): boolean {
  return rows.length > MANY_ROWS;
}

/** A table that scrolls in its own box where the page is too narrow for it. */
export function renderTable({ caption, columns, rows }: Table): Html {
  const isNumber = columns.map((column) => column.isNumber === true);
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table class="data">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(renderHead)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => renderRow(row, isNumber))}
      </tbody>
    </table>
  </div> `;
}

function renderHead({ title, isNumber = false }: Column): Html {
  return isNumber
    ? html`<th scope="col" class="n">${title}</th>`
    : html`<th scope="col">${title}</th>`;
}

function renderRow(row: readonly (Part | Cell)[], isNumber: readonly boolean[]): Html {
  const cells = row.map((cell, index) => {
    const { shown, value } = isCell(cell) ? cell : { shown: cell, value: undefined };
    const sort = value === undefined ? nothing : html` data-v="${value}"`;
    if (index === 0) return html`<th scope="row">${shown}</th>`;
    return isNumber[index] === true
      ? html`<td class="n" ${sort}>${shown}</td>`
      : html`<td${sort}>${shown}</td>`;
  });
  return html`<tr>
    ${cells}
  </tr> `;
}

function isCell(cell: Part | Cell): cell is Cell {
  return typeof cell === 'object' && 'shown' in cell;
}

export function countCell(count: number): Cell {
  return { shown: formatCount(count), value: count };
}

export function bytesCell(bytes: number): Cell {
  return { shown: formatBytes(bytes), value: bytes };
}

export function durationCell(elapsedMs: number): Cell {
  return { shown: formatDuration(elapsedMs), value: elapsedMs };
}

const BAR_WIDTH = 100;

/** A field with a bar under it, as long as its share of the largest. */
export function withBar({ shown, value }: Cell, largest: number): Cell {
  const width = largest === 0 ? 0 : Math.round((value / largest) * BAR_WIDTH * 10) / 10;
  return {
    shown: html`${shown}<svg
        class="bar"
        viewBox="0 0 100 4"
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <rect width="${width}" height="4" />
      </svg>`,
    value,
  };
}

/** The largest of numbers from 0 on; 0 of none. */
export function largestOf(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0);
}
