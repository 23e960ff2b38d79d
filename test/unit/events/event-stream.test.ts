import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  progressEventSchema,
  type EventOf,
  type ProgressEvent,
} from '../../../scripts/lib/model/progress-events.ts';
import { ofJob } from '../../../scripts/lib/model/progress.ts';
import { findingOf, recordedStream, SUCCESS, type RecordedStream } from '../../support/events.ts';

let now = 0;
let recorded: RecordedStream;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  recorded = recordedStream();
});

afterEach(() => {
  recorded.stream.end(SUCCESS);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Lets time go by in steps of 100 ms, its timers included. */
function wait(milliseconds: number): void {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    now += 100;
    vi.advanceTimersByTime(100);
  }
}

function eventsOf<Type extends ProgressEvent['type']>(type: Type): EventOf<Type>[] {
  return recorded.events.filter((event): event is EventOf<Type> => event.type === type);
}

const LOAD = { phase: 'load', table: 'users', isSettledLater: true } as const;

describe('the events of a script', () => {
  it('are each as their schema says, start first and done last, with the run in all', () => {
    const { stream, events } = recorded;
    stream.note('one\n\u0009\ntwo');
    stream.plan('load', [{ table: 'users', rows: 10, bytes: 100 }]);
    stream.journalRun({ id: '20260131T235959Z-1a2b3c', isResumed: false });
    const activity = ofJob(stream, 2).start('users', 10, LOAD);
    wait(1000);
    activity.advance(4, 40);
    activity.advance(6, 60);
    activity.done();
    stream.settle('load', 'users', 'done');
    stream.findings([findingOf('orphan', 'blocking', 3), findingOf('orphan', 'warning', 1)]);
    stream.end({ ...SUCCESS, exitCode: 3, outcome: 'findings' });
    stream.note('too late');
    for (const event of events) progressEventSchema.parse(event);
    expect(events.map(({ type }) => type)).toEqual([
      'start',
      'log',
      'log',
      'phase',
      'journal',
      'table-start',
      'progress',
      'progress',
      'table-done',
      'finding',
      'finding',
      'done',
    ]);
    expect(new Set(events.map(({ runId }) => runId)).size).toBe(1);
    expect(eventsOf('table-start')).toMatchObject([{ table: 'users', job: 2, rowsTotal: 10 }]);
    expect(eventsOf('table-done')).toMatchObject([
      { table: 'users', job: 2, outcome: 'done', rows: 10, bytes: 100, seconds: 1 },
    ]);
    expect(eventsOf('finding')[0]).not.toHaveProperty('examples');
    expect(eventsOf('done')).toMatchObject([{ findings: { blocking: 1, warning: 1, info: 0 } }]);
  });

  it('say how far a table and its phase are, and how long the rest takes', () => {
    const { stream } = recorded;
    stream.plan('check', [
      { table: 'done', rows: 500, bytes: 1, isDone: true },
      { table: 'users', rows: 100, bytes: 1000 },
      { table: 'orders', rows: 300, bytes: 3000 },
    ]);
    const activity = stream.start('users', 100, { phase: 'check', table: 'users' });
    wait(1000);
    activity.advance(50, 500);
    expect(eventsOf('phase')).toMatchObject([{ rowsTotal: 400, bytesTotal: 4000 }]);
    expect(eventsOf('progress').at(-1)).toMatchObject({
      rows: 50,
      rowsTotal: 100,
      bytes: 500,
      rowsPerSecond: 50,
      secondsLeft: 1,
      phaseRows: 50,
      phaseRowsTotal: 400,
      phaseSecondsLeft: 7,
    });
  });

  it('come at most twice a second for a table, however fast its rows are', () => {
    const activity = recorded.stream.start('users', 1000, LOAD);
    for (let step = 0; step < 1000; step++) {
      now += 10;
      activity.advance(1);
    }
    expect(eventsOf('progress')).toHaveLength(20);
  });

  it('come every two seconds while nothing moves, whether a table is at work or none', () => {
    wait(10_000);
    expect(eventsOf('progress')).toHaveLength(5);
    expect(eventsOf('progress')[0]).toMatchObject({ phase: null, table: null });
    const activity = recorded.stream.start('users', 10, LOAD);
    wait(10_000);
    const ofTable = eventsOf('progress').filter(({ table }) => table === 'users');
    expect(ofTable).toHaveLength(5);
    expect(ofTable.at(-1)).toMatchObject({ rows: 0, secondsLeft: null });
    activity.done();
    recorded.stream.end(SUCCESS);
    const { length } = recorded.events;
    wait(10_000);
    expect(recorded.events).toHaveLength(length);
  });

  it('count a table that is begun anew once', () => {
    const { stream } = recorded;
    stream.plan('load', [{ table: 'users', rows: 10, bytes: 100 }]);
    const first = stream.start('users', 10, LOAD);
    first.advance(8);
    first.fail?.();
    first.done();
    const second = stream.start('users', 10, LOAD);
    second.advance(10);
    second.done();
    stream.settle('load', 'users', 'done');
    expect(eventsOf('progress').at(-1)).toMatchObject({ rows: 10, phaseRows: 10 });
    expect(eventsOf('table-done')).toMatchObject([{ outcome: 'done', rows: 10 }]);
  });

  it.each([
    ['said so', 'failed'],
    ['was never done', 'failed'],
    ['is settled so', 'failed'],
  ] as const)('tell that a table failed which %s', (how, outcome) => {
    const { stream } = recorded;
    const table = 'users';
    const isSettledLater = how === 'is settled so';
    const activity = stream.start(table, 10, { phase: 'check', table, isSettledLater });
    if (how === 'said so') activity.fail?.();
    if (how !== 'was never done') activity.done();
    if (isSettledLater) stream.settle('check', table, 'failed');
    stream.end({ ...SUCCESS, exitCode: 11, outcome: 'failed' });
    expect(eventsOf('table-done')).toMatchObject([{ table, outcome }]);
  });

  it('name a table that was copied and never committed as failed', () => {
    const { stream } = recorded;
    stream.start('users', 10, LOAD).done();
    expect(eventsOf('table-done')).toEqual([]);
    stream.end({ ...SUCCESS, exitCode: 12, outcome: 'failed' });
    expect(eventsOf('table-done')).toMatchObject([{ table: 'users', outcome: 'failed' }]);
  });
});
