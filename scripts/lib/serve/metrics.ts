import { renderMetrics, type MonitoredRun } from '../events/metrics.ts';
import type { RunState } from '../events/run-state.ts';
import { runName } from './run-record.ts';
import type { RunStore } from './run-store.ts';

/** Source: https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md */
export const OPENMETRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Enough to have each stage of a migration, and few enough to be read at each scrape. */
const LOOKED_AT = 50;

/**
 * The metrics of the latest run of each stage of each migration; a migration has the name of its
 * target, or of what it reads.
 */
export async function serverMetrics(store: RunStore): Promise<string> {
  const latest = new Map<string, { migration: string; state: RunState }>();
  const successes = new Map<string, number>();
  for (const { id } of (await store.list()).slice(0, LOOKED_AT)) {
    const state = await store.watched(id);
    if (state === null) continue;
    const migration = runName(store.record(id));
    const key = JSON.stringify([migration, state.stage]);
    if (!latest.has(key)) latest.set(key, { migration, state });
    if (state.done?.exitCode === 0 && !successes.has(key)) {
      successes.set(key, Date.parse(state.done.time) / 1000);
    }
  }
  return renderMetrics([...latest].map(([key, run]) => withSuccess(run, successes.get(key))));
}

function withSuccess(
  run: Pick<MonitoredRun, 'migration' | 'state'>,
  time: number | undefined,
): MonitoredRun {
  const lastSuccesses = new Map(time === undefined ? [] : [[run.state.stage, time] as const]);
  return { ...run, lastSuccesses };
}
