// @ts-check
import { get } from './api.js';
import {
  byId,
  el,
  formatBytes,
  formatCount,
  formatSeconds,
  formatTime,
  show,
  table,
} from './dom.js';

/** @param {{ state: string, isStalled?: boolean }} run */
export function stateBadge({ state, isStalled = false }) {
  return el('span', { class: `state state-${state}` }, isStalled ? `${state}, stalled` : state);
}

/** @param {{ stage: string, action: string }} run */
export function titleOf({ stage, action }) {
  return action === 'start' || action === 'validate' ? stage : `${stage}: ${action}`;
}

/** Shows the runs that there are. */
export async function showRuns() {
  const { runs } = await get('');
  const rows = runs.map((/** @type {any} */ run) => [
    el('a', { href: `#/run/${run.id}` }, titleOf(run)),
    stateBadge(run),
    run.target ?? run.output ?? run.artifact ?? run.options.source ?? '',
    formatTime(run.createdAt),
    formatSeconds(run.elapsedSeconds),
    formatCount(run.rows),
    run.percentage === null ? '–' : `${Math.round(run.percentage)} %`,
  ]);
  const columns = ['stage', 'state', 'of', 'began', '#took', '#rows', '#done'];
  show(
    'runs-list',
    rows.length === 0
      ? el('p', { class: 'note' }, 'Nothing has been run yet: start with analyze.')
      : table('Runs, the latest first', columns, rows),
  );
}

/**
 * Shows sources, artifacts and targets.
 * @param {{ sources: any[], artifacts: any[], targets: any[] }} places
 */
export function showPlaces({ sources, artifacts, targets }) {
  show(
    'places-list',
    sources.length === 0
      ? el('p', { class: 'note' }, 'There is no SQLite file in the configured folders.')
      : table(
          'Sources',
          ['file', '#size', 'changed'],
          sources.map(({ name, sizeBytes, changedAt }) => [
            name,
            formatBytes(sizeBytes),
            formatTime(changedAt),
          ]),
        ),
    artifacts.length === 0
      ? el('p', { class: 'note' }, 'There is no artifact yet: export a source.')
      : table(
          'Artifacts',
          ['artifact', 'source', 'made', '#tables', '#rows'],
          artifacts.map(({ name, source, createdAt, tables, rows }) => [
            detailButton(name, `Tables of ${name}`, () => showTables(name)),
            source,
            formatTime(createdAt),
            formatCount(tables),
            formatCount(rows),
          ]),
        ),
    targets.length === 0
      ? el(
          'p',
          { class: 'note' },
          'No target is configured: set DATABASE_URL or name some in serve.json.',
        )
      : table(
          'Targets',
          ['target', 'journal'],
          targets.map(({ name }) => [
            name,
            detailButton('look', `Journal of ${name}`, () => showJournal(name)),
          ]),
        ),
  );
}

/**
 * @param {string} text
 * @param {string} label
 * @param {() => Promise<void>} open
 */
function detailButton(text, label, open) {
  const onclick = () => {
    void open().catch((error) => {
      showDetail(el('p', { class: 'fault', role: 'alert' }, error.message));
    });
  };
  return el(
    'button',
    { type: 'button', class: 'link', 'aria-label': `${text}: ${label}`, onclick },
    text,
  );
}

/** @param {...Element} elements */
function showDetail(...elements) {
  const place = byId('place-detail');
  place.replaceChildren(...elements);
  place.focus();
}

/** @param {string} artifact */
async function showTables(artifact) {
  const { tables } = await get(`/tables?artifact=${encodeURIComponent(artifact)}`);
  const rows = tables.map((/** @type {any} */ of) => [
    detailButton(of.name, 'columns', () => showColumns(artifact, of.name)),
    of.order,
    formatCount(of.rowCount),
    of.columns,
    of.primaryKey.join(', ') || '(none)',
    formatBytes(of.sizeBytes),
  ]);
  const columns = ['table', '#order', '#rows', '#columns', 'primary key', '#size'];
  showDetail(el('h3', {}, artifact), table(`Tables of ${artifact}, in load order`, columns, rows));
}

/**
 * @param {string} artifact
 * @param {string} name
 */
async function showColumns(artifact, name) {
  const path = `/schema/${encodeURIComponent(name)}?artifact=${encodeURIComponent(artifact)}`;
  const { table: of } = await get(path);
  const rows = of.columns.map((/** @type {any} */ column) => [
    column.name,
    column.declaredType,
    column.notNull ? 'NOT NULL' : '',
    column.default ?? '',
    of.foreignKeys
      .filter((/** @type {any} */ key) => key.columns.includes(column.name))
      .map((/** @type {any} */ key) => key.parentTable)
      .join(', '),
  ]);
  showDetail(
    el('h3', {}, name),
    table(`Columns of ${name}`, ['column', 'type', 'null', 'default', 'refers to'], rows),
    detailButton('back', `tables of ${artifact}`, () => showTables(artifact)),
  );
}

/** @param {string} target */
async function showJournal(target) {
  const { runs, sessions } = await get(`/targets/${encodeURIComponent(target)}/journal`);
  const rows = runs.map((/** @type {any} */ run) => [
    run.runId,
    run.state,
    formatTime(run.startedAt),
    `${run.osUser} on ${run.host}`,
    formatCount(run.tables.filter((/** @type {any} */ of) => of.state === 'done').length),
    formatCount(
      run.tables.reduce(
        (/** @type {number} */ sum, /** @type {any} */ of) => sum + of.rowsLoaded,
        0,
      ),
    ),
    run.artifact.path,
  ]);
  const columns = ['run', 'state', 'began', 'by', '#tables done', '#rows', 'artifact'];
  showDetail(
    el('h3', {}, `Journal of ${target}`),
    el(
      'p',
      { class: 'note' },
      sessions.length === 0 ? 'No import is at work.' : 'An import is at work.',
    ),
    rows.length === 0
      ? el('p', { class: 'note' }, 'It holds no run.')
      : table(`Imports into ${target}, a terminal's too`, columns, rows),
  );
}
