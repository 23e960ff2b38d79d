import { describe, expect, it } from 'vitest';
import { followRuns, parseEvent } from '../../../scripts/lib/events/read-events.ts';
import { outcomeOf } from '../../../scripts/lib/events/run-state.ts';
import { findingOf, followed, recordedStream, SUCCESS } from '../../support/events.ts';

const TABLES = [
  { table: 'old', rows: 5, bytes: 50, isDone: true },
  { table: 'users', rows: 10, bytes: 100 },
  { table: 'orders', rows: 20, bytes: 200 },
];

/** An import that has checked its tables and loads them. */
function loading(): ReturnType<typeof recordedStream> {
  const recorded = recordedStream();
  const { stream } = recorded;
  stream.plan('check', TABLES);
  const check = stream.start('users', 10, { phase: 'check', table: 'users' });
  check.advance(10, 100);
  check.done();
  stream.plan('load', TABLES);
  const load = stream.start('users', 10, {
    phase: 'load',
    table: 'users',
    job: 1,
    isSettledLater: true,
  });
  load.advance(10, 100);
  load.done();
  return recorded;
}

describe('a run that is followed by its events', () => {
  it('shows the tables of the phase that is at work, and what all phases have done', () => {
    const { stream, events } = loading();
    stream.start('orders', 20, { phase: 'load', table: 'orders', job: 2, isSettledLater: true });
    const state = followed(events);
    stream.end(SUCCESS);
    expect(state.phase).toBe('load');
    expect([...state.tables].map(([name, { state: word, rows }]) => [name, word, rows])).toEqual([
      ['old', 'done', 5],
      ['users', 'running', 10],
      ['orders', 'running', 0],
    ]);
    expect(state.tables.get('orders')?.job).toBe(2);
    expect([state.processedRows, state.processedBytes]).toEqual([20, 200]);
    expect([state.phaseRows, state.phaseRowsTotal]).toEqual([10, 30]);
    expect(outcomeOf(state)).toBe('running');
  });

  it('adds up what was found of one code, by severity', () => {
    const { stream, events } = recordedStream();
    stream.findings([
      findingOf('orphan', 'blocking', 2),
      findingOf('orphan', 'blocking', 3),
      findingOf('orphan', 'warning', 1),
    ]);
    stream.end({ ...SUCCESS, exitCode: 3, outcome: 'findings' });
    const state = followed(events);
    expect(state.findings).toEqual([
      { code: 'orphan', severity: 'blocking', total: 5 },
      { code: 'orphan', severity: 'warning', total: 1 },
    ]);
    expect(outcomeOf(state)).toBe('findings');
  });

  it('counts the rows of work that is not done table by table', () => {
    const { stream, events } = recordedStream('analyze');
    const census = stream.start('counting values', 100, { phase: 'census' });
    census.advance(60);
    census.done();
    stream.end(SUCCESS);
    const state = followed(events);
    expect([state.phaseRows, state.phaseRowsTotal, state.processedRows]).toEqual([60, 100, 60]);
    expect(state.tables.size).toBe(0);
  });
});

describe('a progress file', () => {
  it('gives each of its runs; one that was killed has no end, and its torn line is passed over', async () => {
    const killed = loading();
    const done = recordedStream('verify');
    done.stream.end(SUCCESS);
    killed.stream.end(SUCCESS);
    const lines = [
      '{"type":"progress","time":"torn',
      ...killed.events.slice(0, -2).map((event) => JSON.stringify(event)),
      JSON.stringify(killed.events.at(-1)).slice(0, 40),
      '(node:1) Warning: something',
      ...done.events.map((event) => JSON.stringify({ ...event, field: 'of a later version' })),
      JSON.stringify({ ...done.events[0], type: 'of-a-later-version' }),
    ];
    const runs = await followRuns(lines);
    expect(runs.map((run) => [run.stage, outcomeOf(run)])).toEqual([
      ['import', 'running'],
      ['verify', 'succeeded'],
    ]);
    expect(runs[0]?.tables.get('users')?.state).toBe('running');
  });

  it.each(['', 'null', '[]', '{}', '{"type":"done"}', 'text'])(
    'passes over the line %j',
    (line) => {
      expect(parseEvent(line)).toBeNull();
    },
  );
});
