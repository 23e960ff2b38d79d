import { describe, expect, it } from 'vitest';
import { hasEnded, describeRun, statusSchema } from '../../../scripts/lib/serve/run-status.ts';
import type { RunFacts } from '../../../scripts/lib/serve/run-status.ts';
import type { RunRecord } from '../../../scripts/lib/serve/run-record.ts';
import { recommend } from '../../../scripts/lib/serve/recommendations.ts';
import { SUCCESS, followed, recordedStream } from '../../support/events.ts';

const NOW = new Date();

function record(more: Partial<RunRecord> = {}): RunRecord {
  return {
    version: 1,
    id: '20260101T000000Z-000001',
    stage: 'import',
    action: 'start',
    artifact: 'exports/shop',
    options: { target: 'staging' },
    target: 'staging',
    createdAt: NOW.toISOString(),
    requestedFrom: '127.0.0.1',
    command: 'npx tsx scripts/import.ts exports/shop',
    process: { pid: 1, startedAt: null },
    ...more,
  };
}

function watched(isDone: boolean) {
  const { stream, events } = recordedStream();
  stream.plan('load', [
    { table: 'users', rows: 100, bytes: 1000 },
    { table: 'orders', rows: 300, bytes: 1000 },
  ]);
  stream.journalRun({ id: 'journal-run', isResumed: false });
  const activity = stream.start('users', 100, { phase: 'load', table: 'users' });
  activity.advance(100, 1000);
  activity.done();
  stream.start('orders', 300, { phase: 'load', table: 'orders' });
  const atWork = [...events];
  stream.end(SUCCESS);
  return followed(isDone ? events : atWork);
}

function describeAt(facts: Partial<RunFacts>, now = new Date()) {
  const status = describeRun(
    { record: record(), isAlive: true, watched: null, report: null, ...facts },
    now,
  );
  expect(statusSchema.parse(status)).toEqual(status);
  return status;
}

describe('a run', () => {
  it('is starting before its first event', () => {
    const status = describeAt({});
    expect(status).toMatchObject({ state: 'starting', percentage: null, exitCode: null });
    expect(hasEnded(status.state)).toBe(false);
  });

  it('is running with what its events say', () => {
    const status = describeAt({ watched: watched(false) });
    expect(status).toMatchObject({
      state: 'running',
      isStalled: false,
      phase: 'load',
      rows: 100,
      rowsTotal: 400,
      percentage: 25,
      currentTables: ['orders'],
      journalRunId: 'journal-run',
      mayResume: false,
      mayRollBack: false,
    });
    expect(status.tables.map(({ table, state }) => `${table} ${state}`)).toEqual([
      'users done',
      'orders running',
    ]);
  });

  it('is stalled when it is alive and silent for more than a minute', () => {
    const late = new Date(Date.now() + 61_000);
    const status = describeAt({ watched: watched(false) }, late);
    expect(status).toMatchObject({ state: 'running', isStalled: true });
    expect(recommend(status, [])).toEqual([expect.stringMatching(/look at the log/)]);
  });

  it('is lost when its process is gone without a word, and says what to do', () => {
    const status = describeAt({ watched: watched(false), isAlive: false });
    expect(status).toMatchObject({ state: 'lost', mayResume: true, mayRollBack: true });
    expect(status.errors).toEqual([expect.objectContaining({ code: 'run-lost' })]);
    expect(recommend(status, []).join()).toMatch(/resume it/);
  });

  it('is lost when it never said anything', () => {
    const status = describeAt({ isAlive: false });
    expect(status).toMatchObject({ state: 'lost', mayResume: true, mayRollBack: false });
  });

  it('has ended only when its process is gone: until then it has its target', () => {
    const done = watched(true);
    const report = { exitCode: 0, totalRows: 7 };
    expect(describeAt({ watched: done }).state).toBe('running');
    expect(describeAt({ watched: done, report }).state).toBe('running');
    expect(describeAt({ watched: done, isAlive: false }).state).toBe('succeeded');
    expect(describeAt({ watched: done, report, isAlive: false })).toMatchObject({
      state: 'succeeded',
      percentage: 100,
      rows: 7,
      exitCode: 0,
      mayResume: false,
      mayRollBack: true,
    });
  });

  it.each([
    [0, 'succeeded'],
    [3, 'findings'],
    [130, 'interrupted'],
  ])('without events and with exit code %i is %s', (exitCode, state) => {
    expect(describeAt({ isAlive: false, report: { exitCode } }).state).toBe(state);
  });

  it('that was refused before it began has failed, with the error of its report', () => {
    const error = { kind: 'usage', code: 'usage', message: 'no', where: {} } as const;
    const status = describeAt({ isAlive: false, report: { exitCode: 2, error } });
    expect(status).toMatchObject({ state: 'failed', errors: [error], mayRollBack: false });
  });

  it.each([
    ['a dry run', { action: 'dry-run' }],
    ['a rollback', { action: 'rollback' }],
  ] as const)('that was %s is neither resumed nor rolled back', (_case, more) => {
    const status = describeAt({ record: record(more), watched: watched(false), isAlive: false });
    expect(status).toMatchObject({ mayResume: false, mayRollBack: false });
  });
});
