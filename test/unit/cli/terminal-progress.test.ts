import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeProgress, terminalProgress } from '../../../scripts/lib/cli/terminal-progress.ts';
import { recordingTerminal } from '../../support/terminal.ts';

/** Back to the start of the line, and wipe it. */
const REDRAW = '\r\u001b[K';

describe('progress in words', () => {
  it.each([
    [
      ['users', 1200, 30_000, 3000],
      'users: 1,200 of 30,000 rows (4%), 400 rows/s, 1 min 12 s left',
    ],
    [
      ['users', 30_000, 30_000, 3000],
      'users: 30,000 of 30,000 rows (100%), 10,000 rows/s, 0 ms left',
    ],
    [
      ['users', 29_999, 30_000, 1000],
      'users: 29,999 of 30,000 rows (99%), 29,999 rows/s, 0 ms left',
    ],
    [['users', 0, 10, 2000], 'users: 0 of 10 rows (0%), 0 rows/s'],
    [['logs', 0, 0, 2000], 'logs: 0 of 0 rows (100%), 0 rows/s'],
    [['integrity_check', 0, null, 4200], 'integrity_check: 4.2 s'],
  ] as const)('%j', (given, text) => {
    const [label, rows, total, elapsedMs] = given;
    expect(describeProgress(label, rows, total, elapsedMs)).toBe(text);
  });
});

describe('work', () => {
  let now = 0;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
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

  it('of less than a second is not shown', () => {
    const terminal = recordingTerminal({ isInteractive: true });
    const activity = terminalProgress(terminal).start('users', 100);
    wait(900);
    activity.advance(100);
    activity.done();
    expect(terminal.written).toEqual([]);
  });

  it('is a bar on a terminal that is redrawn in place, cut to its width and wiped at the end', () => {
    const terminal = recordingTerminal({ isInteractive: true, columns: 60 });
    const activity = terminalProgress(terminal).start('users', 100);
    wait(1500);
    activity.advance(50);
    const [first = '', last = ''] = [terminal.written[0], terminal.written.at(-1)];
    expect(first.startsWith(`${REDRAW}[${'-'.repeat(24)}] users: 0 of 100 rows`)).toBe(true);
    expect(last.startsWith(`${REDRAW}[${'#'.repeat(12)}${'-'.repeat(12)}] users: 50 of`)).toBe(
      true,
    );
    expect(last).toHaveLength(REDRAW.length + 59);
    activity.done();
    expect(terminal.written.at(-1)).toBe(REDRAW);
    expect(terminal.written.join('')).not.toContain('\n');
  });

  it('is redrawn at most ten times a second', () => {
    const terminal = recordingTerminal({ isInteractive: true });
    const activity = terminalProgress(terminal).start('users', 1000);
    wait(1900);
    terminal.written.length = 0;
    for (let step = 0; step < 1000; step++) activity.advance(1);
    expect(terminal.written).toHaveLength(1);
    activity.done();
  });

  it('is a plain line now and then elsewhere', () => {
    const terminal = recordingTerminal();
    const activity = terminalProgress(terminal).start('users', 100);
    wait(4000);
    activity.advance(40);
    expect(terminal.written).toEqual([]);
    wait(1000);
    activity.advance(10);
    wait(10_000);
    activity.done();
    expect(terminal.written).toEqual([
      '  users: 40 of 100 rows (40%), 8 rows/s, 7.5 s left\n',
      '  users: 50 of 100 rows (50%), 5 rows/s, 10.0 s left\n',
      '  users: 50 of 100 rows (50%), 3 rows/s, 15.0 s left\n',
    ]);
  });

  it('of unknown size shows the time and no bar', () => {
    const terminal = recordingTerminal({ isInteractive: true });
    const activity = terminalProgress(terminal).start('integrity_check', null);
    wait(2000);
    activity.done();
    expect(terminal.written.at(-2)).toBe(`${REDRAW}integrity_check: 2.0 s`);
  });

  it('shows nothing more once it is done', () => {
    const terminal = recordingTerminal();
    terminalProgress(terminal).start('users', 100).done();
    wait(60_000);
    expect(terminal.written).toEqual([]);
  });
});

it('notes are whole lines', () => {
  const terminal = recordingTerminal();
  terminalProgress(terminal).note('migrations: 2 applied');
  expect(terminal.written).toEqual(['migrations: 2 applied\n']);
});
