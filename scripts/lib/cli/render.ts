import type { ErrorDescription, Place } from '../model/errors.ts';
import { groupBy } from '../model/collections.ts';
import type { Finding, FindingExample } from '../model/findings.ts';
import type { NotCarried, NotCarriedKind } from '../model/source-catalog.ts';
import { formatCount, formatPlural } from './format.ts';
import type { Terminal } from './terminal.ts';

const EXAMPLES_SHOWN = 5;

/** A place on one line: `table orders, column total, row id=7, file data/003-orders.ndjson, line 12`. */
export function describePlace(place: Place | Finding['where']): string {
  const parts = [
    place.table === undefined ? undefined : `table ${place.table}`,
    place.column === undefined ? undefined : `column ${place.column}`,
    place.constraint === undefined ? undefined : `constraint ${place.constraint}`,
    place.rowKey === undefined ? undefined : `row ${place.rowKey}`,
    place.file === undefined ? undefined : `file ${place.file}`,
    place.line === undefined ? undefined : `line ${place.line}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** An error for a person: what happened, where, what to do next. */
export function renderError(error: ErrorDescription, terminal: Terminal): string {
  const place = describePlace(error.where);
  const [message = '', ...details] = error.message.split('\n');
  const lines = [
    `${terminal.style('red', 'error')} ${message}${place === '' ? '' : ` (${place})`}`,
    ...details,
    ...(error.hint === undefined ? [] : [`  next: ${error.hint}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Findings for a person, each with its first examples, and how many there are of each severity. */
export function renderFindings(findings: readonly Finding[], terminal: Terminal): string {
  if (findings.length === 0) return '';
  const counts = [...groupBy(findings, (finding) => finding.severity)].map(
    ([severity, group]) => `${formatCount(group.length)} ${severity}`,
  );
  const all = findings.map((finding) => renderFinding(finding, terminal)).join('');
  return `${all}${formatPlural(findings.length, 'finding')}: ${counts.join(', ')}\n`;
}

const COLORS = { blocking: 'red', warning: 'yellow', info: 'cyan' } as const;

function renderFinding(finding: Finding, terminal: Terminal): string {
  const severity = terminal.style(COLORS[finding.severity], finding.severity);
  const place = describePlace(finding.where);
  const total = finding.total > 1 ? `, ${formatCount(finding.total)} times` : '';
  const lines = [
    `${severity} ${finding.code}${total}: ${finding.message}`,
    ...(place === '' ? [] : [`  at: ${place}`]),
    ...finding.examples
      .slice(0, EXAMPLES_SHOWN)
      .map((example) => `  - ${describeExample(example)}`),
  ];
  const more = finding.total - Math.min(finding.examples.length, EXAMPLES_SHOWN);
  if (finding.examples.length > 0 && more > 0) {
    lines.push(
      `  - and ${formatCount(more)} more (--json lists the first ${finding.examples.length})`,
    );
  }
  if (finding.hint !== undefined) lines.push(`  next: ${finding.hint}`);
  return `${lines.join('\n')}\n`;
}

/** One occurrence on one line. */
export function describeExample(example: FindingExample): string {
  const place = [example.rowKey, example.line === undefined ? undefined : `line ${example.line}`]
    .filter((part) => part !== undefined)
    .join(', ');
  return [place, example.detail].filter((part) => part !== undefined && part !== '').join(': ');
}

const LEFT_OUT_NAMES: Readonly<Record<NotCarriedKind, string>> = {
  view: 'view',
  trigger: 'trigger',
  'virtual-table': 'virtual table',
  'shadow-table': 'shadow table',
  'migration-history': 'migration history',
  excluded: 'excluded table',
};

/** What an artifact leaves out, a line for each kind. */
export function describeNotCarried(notCarried: readonly NotCarried[]): string[] {
  const byKind = groupBy(notCarried, (object) => object.kind);
  return [...byKind].map(([kind, objects]) => {
    const names = objects.map((object) => object.name).join(', ');
    const reasons = [...new Set(objects.map((object) => object.reason))];
    const why = reasons.length === 1 ? ` (${reasons[0] ?? ''})` : '';
    return `  not carried: ${formatPlural(objects.length, LEFT_OUT_NAMES[kind])}${why}: ${names}`;
  });
}
