import { OUTCOMES } from '../model/progress.ts';
import { renderFamilies, type MetricFamily, type Sample } from './openmetrics.ts';
import { outcomeOf, type RunState, type TableState } from './run-state.ts';

/** Runs that are shown together, each under a name of its own. */
export interface MonitoredRun {
  /** The label `migration`: tells runs in one place apart. */
  readonly migration: string;
  readonly state: RunState;
  /** When each stage succeeded last before this run, in seconds since 1970. */
  readonly lastSuccesses: ReadonlyMap<string, number>;
}

/** One metric: what it means, and how a run gives it. */
interface Metric {
  /** Without `_total`, which a counter's samples have. */
  readonly name: string;
  readonly type: MetricFamily['type'];
  readonly help: string;
  /** Labels beside `migration` and `stage`. */
  readonly labels: readonly string[];
  /** Samples without `migration` and `stage`, unless the sample is of another stage. */
  readonly samplesOf: (run: MonitoredRun) => readonly Sample[];
}

export const METRIC_PREFIX = 'sqlite_migration_';

const TABLE_STATES = ['waiting', 'running', 'done', 'failed'] as const;

/** Every metric that a run has. Published: add, never rename. */
export const METRICS: readonly Metric[] = [
  gauge(
    'run_info',
    'which run of the script the others are of; always 1',
    ['run_id', 'version', 'phase'],
    ({ state }) => [
      {
        labels: { run_id: state.runId, version: state.toolVersion, phase: state.phase ?? '' },
        value: 1,
      },
    ],
  ),
  gauge(
    'running',
    '1 until the script has ended; of one that was killed it stays 1, and its heartbeat grows old',
    [],
    ({ state }) => one(state.done === null ? 1 : 0),
  ),
  gauge('start_timestamp_seconds', 'when the script began', [], ({ state }) =>
    one(epochSeconds(state.startedAt)),
  ),
  gauge(
    'heartbeat_timestamp_seconds',
    'when the script gave a sign of life, every few seconds until it has ended',
    [],
    ({ state }) => one(epochSeconds(state.heartbeatAt)),
  ),
  gauge(
    'last_advance_timestamp_seconds',
    'when a row was done last, or a table or a phase was begun or done',
    [],
    ({ state }) => one(epochSeconds(state.advancedAt)),
  ),
  gauge('duration_seconds', 'since the script began, until it ended', [], ({ state }) =>
    one(state.elapsedSeconds),
  ),
  gauge(
    'time_left_seconds',
    'for the phase that is at work, at its speed so far; absent when not known',
    [],
    ({ state }) => known(state.done === null ? state.phaseSecondsLeft : 0),
  ),
  gauge('exit_code', 'of the script; absent until it has ended', [], ({ state }) =>
    known(state.done?.exitCode ?? null),
  ),
  gauge('outcome', '1 for the way in which the script ended', ['outcome'], ({ state }) =>
    OUTCOMES.map((outcome) => ({
      labels: { outcome },
      value: outcomeOf(state) === outcome ? 1 : 0,
    })),
  ),
  gauge(
    'last_success_timestamp_seconds',
    'when a stage ended with exit code 0 last; kept from run to run in one file',
    [],
    ({ state, lastSuccesses }) =>
      [...successesWith(state, lastSuccesses)].map(([stage, value]) => ({
        labels: { stage },
        value,
      })),
  ),
  gauge('phase_rows', 'rows that the phase at work has done', [], ({ state }) =>
    one(state.phaseRows),
  ),
  gauge(
    'phase_expected_rows',
    'rows that the phase at work has to do; absent when not known',
    [],
    ({ state }) => known(state.phaseRowsTotal),
  ),
  counter(
    'processed_rows',
    'rows that the run has done; a row counts in each phase, and again when a table is begun anew',
    ({ state }) => one(state.processedRows),
  ),
  counter('processed_bytes', 'bytes of data files that the run has read or written', ({ state }) =>
    one(state.processedBytes),
  ),
  gauge(
    'findings',
    'exact number of occurrences, once all are counted',
    ['severity', 'code'],
    ({ state }) =>
      state.findings.map(({ severity, code, total }) => ({
        labels: { severity, code },
        value: total,
      })),
  ),
  gauge('tables', 'tables of the phase at work, by what became of them', ['state'], ({ state }) =>
    TABLE_STATES.map((name) => ({ labels: { state: name }, value: countTables(state, name) })),
  ),
  gauge(
    'table_state',
    '1 for what became of the table in the phase at work: waiting, running, done, failed',
    ['table', 'state'],
    ofTables(({ state }) => ({ labels: { state }, value: 1 })),
  ),
  gauge(
    'table_rows',
    'rows of the table that the phase at work has done',
    ['table'],
    ofTables(({ rows }) => ({ labels: {}, value: rows })),
  ),
  gauge(
    'table_expected_rows',
    'rows of the table; absent when not known',
    ['table'],
    ofTables(({ rowsTotal }) => (rowsTotal === null ? null : { labels: {}, value: rowsTotal })),
  ),
  gauge(
    'table_duration_seconds',
    'how long the table has taken; absent before it is begun',
    ['table'],
    ofTables((table, { elapsedSeconds }) => {
      const { seconds, startedAtSeconds } = table;
      if (seconds !== null) return { labels: {}, value: seconds };
      if (startedAtSeconds === null) return null;
      return { labels: {}, value: rounded(elapsedSeconds - startedAtSeconds) };
    }),
  ),
];

/**
 * The metrics of runs, as OpenMetrics text that a node exporter's textfile collector reads as well; over
 * HTTP its type is `application/openmetrics-text; version=1.0.0; charset=utf-8`.
 * No two runs may have the same `migration` and stage.
 */
export function renderMetrics(runs: readonly MonitoredRun[]): string {
  return renderFamilies(
    METRICS.map(({ name, type, help, samplesOf }) => ({
      name: `${METRIC_PREFIX}${name}`,
      type,
      help,
      samples: runs.flatMap((run) =>
        samplesOf(run).map(({ labels, value }) => ({
          labels: { migration: run.migration, stage: run.state.stage, ...labels },
          value,
        })),
      ),
    })),
  );
}

/** The times of the last success of each stage, from text that {@link renderMetrics} wrote. */
export function readLastSuccesses(text: string): Map<string, number> {
  const pattern = new RegExp(
    String.raw`^${METRIC_PREFIX}last_success_timestamp_seconds\{.*stage="([a-z-]+)"\} ([\d.]+)$`,
    'gm',
  );
  return new Map([...text.matchAll(pattern)].map(([, stage = '', time]) => [stage, Number(time)]));
}

function gauge(
  name: string,
  help: string,
  labels: readonly string[],
  samplesOf: Metric['samplesOf'],
): Metric {
  return { name, type: 'gauge', help, labels, samplesOf };
}

function counter(name: string, help: string, samplesOf: Metric['samplesOf']): Metric {
  return { name, type: 'counter', help, labels: [], samplesOf };
}

function one(value: number): readonly Sample[] {
  return [{ labels: {}, value }];
}

function known(value: number | null): readonly Sample[] {
  return value === null ? [] : one(value);
}

function ofTables(
  sampleOf: (table: TableState, run: RunState) => Sample | null,
): Metric['samplesOf'] {
  return ({ state }) =>
    [...state.tables].flatMap(([table, tableState]) => {
      const sample = sampleOf(tableState, state);
      return sample === null ? [] : [{ ...sample, labels: { table, ...sample.labels } }];
    });
}

function countTables({ tables }: RunState, state: TableState['state']): number {
  return [...tables.values()].filter((table) => table.state === state).length;
}

function successesWith(
  { done, stage }: RunState,
  before: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  return done?.exitCode === 0 ? new Map([...before, [stage, epochSeconds(done.time)]]) : before;
}

function epochSeconds(time: string): number {
  return Date.parse(time) / 1000;
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
