import { code } from './html.ts';

/**
 * The only script of a page: a click on a column's head sorts, a field above a table filters. Without
 * it nothing is missing but these, which is why it makes their buttons and fields itself.
 */
export const SCRIPT = code`
'use strict';
for (const table of document.querySelectorAll('table.data')) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  if (rows.length < 2) continue;
  const keyOf = (row, index) => {
    const cell = row.cells[index];
    return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
  };
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, index) => {
    if (head.textContent === '') return;
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const sign = head.ariaSort === 'ascending' ? -1 : 1;
      for (const other of heads) other.removeAttribute('aria-sort');
      head.ariaSort = sign === 1 ? 'ascending' : 'descending';
      const keys = new Map(rows.map((row) => [row, keyOf(row, index)]));
      const compare = (a, b) => {
        const x = keys.get(a);
        const y = keys.get(b);
        if (typeof x === 'number' && typeof y === 'number') return x - y;
        if (typeof x !== typeof y) return typeof x === 'number' ? 1 : -1;
        return x.localeCompare(y, undefined, { numeric: true });
      };
      body.append(...[...rows].sort((a, b) => sign * compare(a, b)));
    });
  });
  if (rows.length < 9) continue;
  const box = document.createElement('div');
  box.className = 'filter';
  const label = document.createElement('label');
  const field = document.createElement('input');
  const told = document.createElement('span');
  field.type = 'search';
  told.setAttribute('role', 'status');
  label.append('Filter these rows: ', field);
  box.append(label, told);
  table.parentElement.before(box);
  const texts = rows.map((row) => row.textContent.toLowerCase());
  field.addEventListener('input', () => {
    const wanted = field.value.toLowerCase();
    let shown = 0;
    rows.forEach((row, index) => {
      row.hidden = !texts[index].includes(wanted);
      if (!row.hidden) shown += 1;
    });
    told.textContent = wanted === '' ? '' : shown + ' of ' + rows.length + ' rows';
  });
}
`;
