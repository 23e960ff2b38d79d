// @ts-check
import { follow, get, getText, post } from './api.js';
import { announce, byId, el, formatCount, formatSeconds, formatTime, show, table } from './dom.js';
import { askToType } from './forms.js';
import { stateBadge, titleOf } from './lists.js';

const REFRESH_EVERY_MS = 1000;
const OVER = new Set(['succeeded', 'findings', 'failed', 'interrupted', 'lost']);

/** @type {AbortController | null} */
let watching = null;

/** Leaves the run that is shown. */
export function leaveRun() {
  watching?.abort();
  byId('run').hidden = true;
}

/**
 * Shows a run and follows it to its end.
 * @param {string} id
 * @param {(id: string) => void} onStarted is told of a run that it leads to
 * @param {() => Promise<void>} onEnded
 */
export async function openRun(id, onStarted, onEnded) {
  watching?.abort();
  const watch = new AbortController();
  watching = watch;
  for (const place of ['run-errors', 'run-recommendations', 'run-findings', 'run-tables'])
    show(place);
  byId('run-log').textContent = '';
  byId('run').hidden = false;
  await refresh(id, onStarted);
  byId('run-title').focus();
  let isDue = false;
  const timer = setInterval(() => {
    if (!isDue || watch.signal.aborted) return;
    isDue = false;
    void refresh(id, onStarted).catch(() => (isDue = true));
  }, REFRESH_EVERY_MS);
  watch.signal.addEventListener('abort', () => clearInterval(timer));
  await follow(`/${id}/events`, () => (isDue = true), watch.signal);
  clearInterval(timer);
  if (watch.signal.aborted) return;
  // The report may come a moment after the last event.
  const status = await refresh(id, onStarted);
  announce(`The run has ended: ${status.state}.`, true);
  // It may have made an artifact.
  await onEnded();
}

/**
 * @param {string} id
 * @param {(id: string) => void} onStarted
 */
async function refresh(id, onStarted) {
  const [status, summary, log] = await Promise.all([
    get(`/${id}/status`),
    get(`/${id}/summary`),
    getText(`/${id}/log`),
  ]);
  byId('run-title').textContent =
    `${titleOf(status)} ${status.target ?? status.artifact ?? status.options.source ?? ''}`;
  byId('run-command').textContent = status.command;
  showVerdict(status);
  showBar(status);
  showFacts(status);
  showProblems(status, summary);
  showTables(status);
  showActions(status, onStarted);
  const place = byId('run-log');
  if (place.textContent !== log) place.textContent = log;
  return status;
}

/** @param {any} status */
function showVerdict(status) {
  const isGood = status.state === 'succeeded';
  const isOver = OVER.has(status.state);
  byId('run-verdict').className = `verdict${isGood ? ' good' : isOver ? ' bad' : ''}`;
  const code = status.exitCode === null ? '' : `, exit code ${status.exitCode}`;
  show('run-verdict', el('p', {}, stateBadge(status), code));
}

/** @param {any} status */
function showBar(status) {
  const bar = /** @type {HTMLProgressElement} */ (byId('run-bar'));
  const { phase, percentage, rows, rowsTotal, secondsLeft } = status;
  const isOver = OVER.has(status.state);
  bar.hidden = isOver;
  byId('run-bar-label').hidden = isOver;
  if (isOver) return;
  if (percentage === null) bar.removeAttribute('value');
  else bar.value = percentage;
  const share = percentage === null ? '' : `, ${Math.round(percentage)} %`;
  const left = secondsLeft === null ? '' : `, ${formatSeconds(secondsLeft)} left`;
  const counts =
    rowsTotal === null ? '' : ` ${formatCount(rows)} of ${formatCount(rowsTotal)} rows`;
  const text = `${phase ?? 'starting'}${counts === '' ? '' : ':'}${counts}${share}${left}`;
  byId('run-bar-label').textContent = text;
  announce(text);
}

/** @param {any} status */
function showFacts(status) {
  const { createdAt, elapsedSeconds, rowsPerSecond, heartbeatAt, findings, requestedFrom } = status;
  const found = [
    ...(findings.blocking > 0 ? [`${formatCount(findings.blocking)} blocking`] : []),
    ...(findings.warning > 0 ? [`${formatCount(findings.warning)} warnings`] : []),
    ...(findings.info > 0 ? [`${formatCount(findings.info)} notes`] : []),
  ];
  /** @type {[string, string | Node][]} */
  const facts = [
    ['Began', formatTime(createdAt)],
    ['Took', formatSeconds(elapsedSeconds)],
    ['Rows', formatCount(status.rows)],
    ...(rowsPerSecond === null
      ? []
      : [/** @type {[string, string]} */ (['Rate', `${formatCount(rowsPerSecond)} rows/s`])]),
    ['Sign of life', heartbeatAt === null ? 'none yet' : formatTime(heartbeatAt)],
    ['Findings', found.join(', ') || 'none'],
    ['Asked for from', requestedFrom],
    ['Run', status.id],
  ];
  show(
    'run-facts',
    ...facts.map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value))),
  );
}

/**
 * @param {any} status
 * @param {any} summary
 */
function showProblems({ errors }, { findings, recommendations }) {
  show('run-errors', ...errors.map(describeError));
  show('run-findings', ...findings.map(describeFinding));
  show(
    'run-recommendations',
    recommendations.length === 0
      ? null
      : el(
          'div',
          { class: 'todo' },
          el('h3', {}, 'What to do next'),
          el('ul', {}, ...recommendations.map((/** @type {string} */ text) => el('li', {}, text))),
        ),
  );
}

/** @param {any} error */
function describeError({ code, message, where, hint }) {
  return el(
    'div',
    { class: 'finding blocking' },
    el('h3', {}, el('span', { class: 'severity' }, 'error'), ` ${code}`),
    el('p', {}, `${message}${placeOf(where)}`),
    hint === undefined ? null : el('p', { class: 'todo' }, hint),
  );
}

/** @param {any} finding */
function describeFinding({ severity, code, message, where, total, examples, hint }) {
  return el(
    'div',
    { class: `finding ${severity}` },
    el('h3', {}, el('span', { class: 'severity' }, severity), ` ${code}`),
    el('p', {}, `${message}${placeOf(where)} (${formatCount(total)})`),
    examples.length === 0
      ? null
      : el(
          'ul',
          {},
          ...examples.map((/** @type {any} */ example) =>
            el(
              'li',
              {},
              [example.rowKey, example.detail].filter((part) => part !== undefined).join(': '),
            ),
          ),
        ),
    hint === undefined ? null : el('p', { class: 'todo' }, hint),
  );
}

/** @param {Record<string, string | number>} where */
function placeOf(where) {
  const parts = Object.entries(where).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? '' : ` [${parts.join(', ')}]`;
}

/** @param {any} status */
function showTables({ tables, phase }) {
  const rows = tables.map((/** @type {any} */ of) => [
    of.table,
    of.state,
    formatCount(of.rows),
    formatCount(of.rowsTotal),
    of.rowsPerSecond === null ? '–' : formatCount(of.rowsPerSecond),
    formatSeconds(of.secondsLeft),
    formatSeconds(of.seconds),
  ]);
  const columns = ['table', 'state', '#rows', '#of', '#rows/s', '#left', '#took'];
  show('run-tables', rows.length === 0 ? null : table(`Tables: ${phase}`, columns, rows));
}

/**
 * @param {any} status
 * @param {(id: string) => void} onStarted
 */
function showActions(status, onStarted) {
  const isOver = OVER.has(status.state);
  const buttons = [
    ...(isOver ? [] : [actionButton('Stop…', () => stop(status))]),
    ...(status.mayResume
      ? [
          status.stage === 'import'
            ? actionButton('Resume…', () => resume(status, onStarted))
            : actionButton('Run again', () => again(status, {}, onStarted)),
        ]
      : []),
    ...(status.mayRollBack ? [actionButton('Roll back…', () => rollBack(status, onStarted))] : []),
  ];
  const place = byId('run-actions');
  const wanted = buttons.map(({ textContent }) => textContent).join('|');
  // The buttons of another run look the same and do something else.
  const key = `${status.id} ${wanted}`;
  if (place.dataset['key'] === key) return;
  place.dataset['key'] = key;
  place.replaceChildren(...buttons);
}

/**
 * @param {string} text
 * @param {() => Promise<void>} act
 */
function actionButton(text, act) {
  const onclick = () => {
    void act().catch((error) => {
      show('run-errors', el('p', { class: 'fault', role: 'alert' }, error.message));
    });
  };
  return el('button', { type: 'button', onclick }, text);
}

/** @param {any} status */
async function stop({ id, stage }) {
  const answer = await askToType({
    title: 'Stop the run',
    text:
      stage === 'import'
        ? 'Tables that are committed stay; it can be resumed.'
        : 'What it has not finished is thrown away.',
    word: 'stop',
    button: 'Stop',
  });
  if (answer !== null) await post(`/${id}/stop`, { confirm: id });
}

/**
 * @param {any} status
 * @param {(id: string) => void} onStarted
 */
async function resume(status, onStarted) {
  const answer = await askToType({
    title: `Resume the import into ${status.target}`,
    text: 'It goes on with the tables that are not committed.',
    word: status.target,
    button: 'Resume',
  });
  if (answer !== null) await again(status, { confirm: status.target }, onStarted);
}

/**
 * @param {any} status
 * @param {Record<string, unknown>} body
 * @param {(id: string) => void} onStarted
 */
async function again({ id }, body, onStarted) {
  onStarted((await post(`/${id}/resume`, body)).id);
}

/**
 * @param {any} status
 * @param {(id: string) => void} onStarted
 */
async function rollBack({ id, target }, onStarted) {
  const answer = await askToType({
    title: `Roll back the import into ${target}`,
    text: 'Every row that this run loaded is removed, in one transaction. Rows that the import emptied before do not come back.',
    word: target,
    button: 'Roll back',
    check: 'also where rows changed since; those stay',
  });
  if (answer === null) return;
  const body = { confirm: target, ...(answer.isChecked ? { force: true } : {}) };
  onStarted((await post(`/${id}/rollback`, body)).id);
}
