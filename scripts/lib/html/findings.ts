import { formatCount, formatPlural } from '../cli/format.ts';
import { describeExample, describePlace } from '../cli/render.ts';
import { groupBy } from '../model/collections.ts';
import type { ErrorDescription } from '../model/errors.ts';
import type { Finding } from '../model/findings.ts';
import { html, nothing, type Html } from './html.ts';
import type { Section } from './page.ts';
import { countCell, renderTable } from './table.ts';
import { clip } from './text.ts';

/** More of them nobody reads one by one: the table of codes counts them all. */
const MAX_SHOWN = 300;
const MAX_PLACES = 100;
const MANY = 50;
const MAX_TEXT = 600;

/** What stopped the script and what it found, each with what to do; blocking findings first. */
export function findingsSection(
  findings: readonly Finding[],
  error: ErrorDescription | undefined,
): Section {
  const alike = [
    ...groupBy(findings, ({ severity, code, message, hint }) =>
      JSON.stringify([severity, code, message, hint]),
    ).values(),
  ];
  const shown = alike.slice(0, MAX_SHOWN);
  const isNone = findings.length === 0 && error === undefined;
  return {
    id: 'findings',
    title: 'Findings, and what to do',
    isLong: alike.length > MANY,
    body: html`${isNone ? html`<p>None: nothing was found that needs anybody.</p> ` : nothing}
    ${error === undefined ? nothing : renderError(error)}
    ${findings.length > 1 ? codeTable(findings) : nothing} ${shown.map(renderAlike)}
    ${
      alike.length > shown.length
        ? html`<p class="note">
            ${formatCount(alike.length - shown.length)} more are not shown: the table above counts
            all, and the JSON report has every one.
          </p> `
        : nothing
    }`,
  };
}

function codeTable(findings: readonly Finding[]): Html {
  const groups = [...groupBy(findings, ({ severity, code }) => `${severity} ${code}`).values()];
  return renderTable({
    caption: 'How many of each kind',
    columns: [
      { title: 'Code' },
      { title: 'Severity' },
      { title: 'Findings', isNumber: true },
      { title: 'Occurrences', isNumber: true },
    ],
    rows: groups.map((group) => [
      group[0]?.code ?? '',
      group[0]?.severity ?? '',
      countCell(group.length),
      countCell(group.reduce((sum, { total }) => sum + total, 0)),
    ]),
  });
}

function renderError({ code, message, where, hint }: ErrorDescription): Html {
  return html`<article class="finding blocking">
    <h3><span class="severity">error</span> ${code}</h3>
    <p>${clip(message, 10 * MAX_TEXT)}</p>
    ${renderPlace(where)}${renderHint(hint)}
  </article> `;
}

/** Findings that differ in nothing but their places. */
function renderAlike(findings: readonly Finding[]): Html {
  const [finding] = findings;
  if (finding === undefined) return nothing;
  const { code, severity, message, hint } = finding;
  const total = findings.reduce((sum, one) => sum + one.total, 0);
  return html`<article class="finding ${severity}">
    <h3>
      <span class="severity">${severity}</span> ${code}${
        total > 1 ? `, ${formatCount(total)} times` : ''
      }${findings.length > 1 ? ` in ${formatCount(findings.length)} places` : ''}
    </h3>
    <p>${clip(message, MAX_TEXT)}</p>
    ${findings.length === 1 ? renderOccurrences(finding) : renderPlaces(findings)}
    ${renderHint(hint)}
  </article> `;
}

function renderOccurrences({ where, examples, total }: Finding): Html {
  const lines = examples.map((example) => clip(describeExample(example), MAX_TEXT));
  return html`${renderPlace(where)} ${renderList(lines, total)}`;
}

function renderPlaces(findings: readonly Finding[]): Html {
  const lines = findings.slice(0, MAX_PLACES).map(({ where, total, examples: [example] }) => {
    const times = total > 1 ? `, ${formatCount(total)} times` : '';
    const first = example === undefined ? '' : `, such as ${describeExample(example)}`;
    return clip(`${describePlace(where)}${times}${first}`, MAX_TEXT);
  });
  return renderList(lines, findings.length);
}

/** @param total how many there are, of which the lines are the first */
function renderList(lines: readonly string[], total: number): Html {
  if (lines.length === 0) return nothing;
  const more = total - lines.length;
  return html`<ul>
    ${lines.map((line) => html`<li>${line}</li> `)}
    ${more > 0 ? html`<li>and ${formatCount(more)} more</li> ` : nothing}
  </ul> `;
}

function renderPlace(where: Finding['where'] | ErrorDescription['where']): Html {
  const place = describePlace(where);
  return place === '' ? nothing : html`<p>Where: ${clip(place, MAX_TEXT)}</p> `;
}

function renderHint(hint: string | undefined): Html {
  return hint === undefined
    ? nothing
    : html`<p class="todo"><strong>What to do:</strong> ${clip(hint, MAX_TEXT)}</p> `;
}

/** `2 findings: 1 blocking, 1 warning` as a fact of the header. */
export function countFindings(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'none';
  const counts = [...groupBy(findings, ({ severity }) => severity)].map(
    ([severity, group]) => `${formatCount(group.length)} ${severity}`,
  );
  return `${formatPlural(findings.length, 'finding')}: ${counts.join(', ')}`;
}
