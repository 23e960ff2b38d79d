import { describe, expect, it } from 'vitest';
import {
  METRICS,
  METRIC_PREFIX,
  readLastSuccesses,
  renderMetrics,
} from '../../../scripts/lib/events/metrics.ts';
import type { RunState } from '../../../scripts/lib/events/run-state.ts';
import { findingOf, followed, recordedStream, SUCCESS } from '../../support/events.ts';
import { labelsOf, sampleLines } from '../../support/metrics.ts';

/** A run that has something of everything. */
function fullRun(tables = 3): RunState {
  const { stream, events } = recordedStream();
  stream.plan(
    'load',
    Array.from({ length: tables }, (_, index) => ({ table: `t${index}`, rows: 10, bytes: 100 })),
  );
  const activity = stream.start('t0', 10, { phase: 'load', table: 't0' });
  activity.advance(10, 100);
  activity.done();
  stream.findings([findingOf('orphan', 'blocking', 3)]);
  stream.end(SUCCESS);
  return followed(events);
}

const noSuccess = new Map<string, number>();
const render = (state: RunState, migration = 'app'): string =>
  renderMetrics([{ migration, state, lastSuccesses: noSuccess }]);

describe('the metrics of a run', () => {
  it('are those that are documented, with their labels, and no other', () => {
    const found = new Map(
      sampleLines(render(fullRun())).map((line) => [
        /^\w+/.exec(line)?.[0] ?? '',
        Object.keys(labelsOf(line)).filter((name) => name !== 'migration' && name !== 'stage'),
      ]),
    );
    const documented = METRICS.map(({ name, type, labels }) => [
      `${METRIC_PREFIX}${name}${type === 'counter' ? '_total' : ''}`,
      labels,
    ]);
    expect([...found]).toEqual(documented);
  });

  it('have names as Prometheus has them: base units last, _total of counters alone', () => {
    for (const { name, help } of METRICS) {
      expect(name).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
      expect(name).not.toMatch(/_total$|_ms$|_milliseconds|_kb$|_count$/);
      expect(help).not.toBe('');
    }
  });

  it('hold 2,000 tables in eight thousand series, none twice', () => {
    const text = render(fullRun(2000));
    const series = sampleLines(text).map((line) => line.replace(/ \S+$/, ''));
    expect(new Set(series).size).toBe(series.length);
    expect(series.length).toBeGreaterThan(6000);
    expect(series.length).toBeLessThan(8100);
    expect(text.length).toBeLessThan(1_000_000);
  });

  it('of several runs stand together, each under its name', () => {
    const text = renderMetrics(
      ['app', 'shop "two"'].map((migration) => ({
        migration,
        state: fullRun(1),
        lastSuccesses: noSuccess,
      })),
    );
    expect(text.match(/^# TYPE sqlite_migration_running /gm)).toHaveLength(1);
    expect(text.match(/^sqlite_migration_running\{.*/gm)).toEqual([
      'sqlite_migration_running{migration="app",stage="import"} 0',
      String.raw`sqlite_migration_running{migration="shop \"two\"",stage="import"} 0`,
    ]);
    expect(text.endsWith('\n# EOF\n')).toBe(true);
  });

  it('keep the last success of other stages, and renew the one of their own', () => {
    const state = fullRun(1);
    const before = new Map([
      ['import', 1000],
      ['export', 2000.5],
    ]);
    const text = renderMetrics([{ migration: 'a="b" stage="c"', state, lastSuccesses: before }]);
    const after = readLastSuccesses(text);
    expect(after.get('export')).toBe(2000.5);
    expect(after.get('import')).toBe(Date.parse(state.heartbeatAt) / 1000);
    expect(readLastSuccesses('')).toEqual(noSuccess);
  });
});
