import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { ToolkitError, type ErrorDescription } from '../model/errors.ts';
import type { Finding } from '../model/findings.ts';
import {
  silentProgress,
  tellAll,
  type CommandContext,
  type Progress,
  type StageOutcome,
} from '../model/progress.ts';
import { EventStream, type WatchedScript } from '../events/event-stream.ts';
import { openMetricsFile } from '../events/metrics-file.ts';
import { openProgressFile, type EventSink } from '../events/progress-file.ts';
import type { CommonValues } from './flags.ts';
import { terminalProgress } from './terminal-progress.ts';
import type { Terminal } from './terminal.ts';

/** How a script ended, for those who watch it. */
export interface ScriptEnding {
  readonly report?: {
    readonly findings: readonly Finding[];
    readonly failure?: ErrorDescription | undefined;
    readonly tables?: readonly unknown[];
    readonly totalRows?: number;
    readonly totalBytes?: number;
  };
  readonly error?: ErrorDescription;
  /** Where the report is. */
  readonly reportFile?: string | null;
}

/** All who are told what a script does: a person at a terminal, and what the flags name. */
export interface Watch {
  /** Where everything else that a person reads is written. */
  readonly terminal: Terminal;
  readonly progress: Progress;
  readonly onJournalRun: NonNullable<CommandContext['onJournalRun']>;
  /** Says how the script ended; to be called once, at the very end. */
  end(exitCode: number, ending: ScriptEnding): void;
}

/**
 * Begins to tell what a script does, as `--progress`, `--progress-file` and `--metrics-file` ask for.
 *
 * @throws ToolkitError of kind `usage` when one of the files cannot be written
 */
export function openWatch(script: WatchedScript, flags: CommonValues, terminal: Terminal): Watch {
  const { quiet, progress: how } = flags;
  const shown = quiet || how !== 'auto' ? silentProgress : terminalProgress(terminal);
  const sinks = openSinks(flags, terminal);
  if (sinks.length === 0) {
    return { terminal, progress: shown, onJournalRun: toNobody, end: toNobody };
  }
  const stream = new EventStream(script, (event) => {
    for (const take of sinks) take(event);
  });
  const end = (exitCode: number, ending: ScriptEnding): void => {
    process.off('exit', endEarly);
    stream.findings(ending.report?.findings ?? []);
    stream.end({ exitCode, ...describeEnding(exitCode, ending) });
  };
  // A second Ctrl-C, a lost supervisor and a fault that nobody caught end the process on the spot.
  const endEarly = (exitCode: number): void => end(exitCode, {});
  process.on('exit', endEarly);
  return {
    terminal: how === 'json' ? eventsOnly(stream) : withEvents(terminal, stream),
    progress: tellAll([shown, stream]),
    onJournalRun: (run) => stream.journalRun(run),
    end,
  };
}

const toNobody = (): void => undefined;

/** The metrics file is the first: it refuses the first event where it cannot be written. */
function openSinks(
  { progress, progressFile, metricsFile }: CommonValues,
  terminal: Terminal,
): EventSink[] {
  if (progressFile !== undefined && metricsFile !== undefined) {
    refuseSameFile(progressFile, metricsFile);
  }
  const warn = (message: string): void => {
    if (progress !== 'json') terminal.write(`${message}\n`);
  };
  return [
    ...(metricsFile === undefined ? [] : [openMetricsFile(metricsFile, warn)]),
    ...(progressFile === undefined ? [] : [openProgressFile(progressFile, warn)]),
    ...(progress === 'json'
      ? [(event: unknown) => terminal.write(`${JSON.stringify(event)}\n`)]
      : []),
  ];
}

function refuseSameFile(progressFile: string, metricsFile: string): void {
  if (resolve(progressFile) !== resolve(metricsFile)) return;
  const message = '--progress-file and --metrics-file name the same file';
  throw new ToolkitError({ kind: 'usage', code: 'usage', message });
}

/** A terminal whose lines are events as well. */
function withEvents(terminal: Terminal, stream: EventStream): Terminal {
  return {
    ...terminal,
    write: (text) => {
      terminal.write(text);
      stream.note(stripVTControlCharacters(text));
    },
  };
}

/** A terminal whose lines are events alone. */
function eventsOnly(stream: EventStream): Terminal {
  return {
    isInteractive: false,
    columns: 80,
    write: (text) => stream.note(text),
    style: (_style, text) => text,
  };
}

function describeEnding(
  exitCode: number,
  { report, error, reportFile = null }: ScriptEnding,
): Omit<Parameters<EventStream['end']>[0], 'exitCode'> {
  const stopped = error ?? report?.failure;
  return {
    outcome: outcomeOf(exitCode, stopped, report),
    reportFile,
    totals:
      report === undefined
        ? null
        : {
            tables: report.tables?.length ?? 0,
            rows: report.totalRows ?? 0,
            bytes: report.totalBytes ?? 0,
          },
    ...(stopped === undefined ? {} : { error: stopped }),
  };
}

/** Exit codes of a process that a signal ended: 128 and the signal's number. */
const FIRST_OF_SIGNALS = 129;

function outcomeOf(
  exitCode: number,
  error: ErrorDescription | undefined,
  report: ScriptEnding['report'],
): StageOutcome {
  if (exitCode === 0) return 'succeeded';
  if (exitCode >= FIRST_OF_SIGNALS) return 'interrupted';
  return error === undefined && report !== undefined ? 'findings' : 'failed';
}
