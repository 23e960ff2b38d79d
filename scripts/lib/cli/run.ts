import { rename, rm, writeFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';

import { ToolkitError, describeError, type ErrorDescription } from '../model/errors.ts';
import type { Finding } from '../model/findings.ts';
import { silentProgress, type CommandContext } from '../model/progress.ts';
import type { CommandResult, ReportEnvelope } from '../model/report.ts';
import { TOOL_VERSION } from '../model/version.ts';
import {
  AnswerInstead,
  parseCommandLine,
  type CommandLine,
  type Invocation,
} from './command-line.ts';
import { loadDotEnv } from './environment.ts';
import { exitCodeOfError, exitCodeOfKind, type ExitCode } from './exit-codes.ts';
import type { FlagSet } from './flags.ts';
import { renderError, renderFindings } from './render.ts';
import { endWithSupervisor } from './supervise.ts';
import { terminalProgress } from './terminal-progress.ts';
import { standardError, type Terminal } from './terminal.ts';

interface AnyReport {
  readonly command: string;
  readonly toolVersion: string;
  readonly startedAt: string;
  readonly elapsedMs: number;
  readonly exitCode: number;
  readonly findings: Finding[];
  readonly failure?: ErrorDescription | undefined;
}

/** A script: its command line, what it does, and how its report reads. */
export interface Script<Flags extends FlagSet, Report extends AnyReport> {
  readonly commandLine: CommandLine<Flags>;
  run(
    invocation: Invocation<Flags>,
    context: CommandContext,
    env: NodeJS.ProcessEnv,
  ): Promise<CommandResult<Report>>;
  /** The exit code of a result without a failure. */
  exitCode(result: CommandResult<Report>): ExitCode;
  /** The summary for a person, without the findings. */
  summarize(report: Report, invocation: Invocation<Flags>): readonly string[];
  /** Where the report is to be written as well, if the user said so. */
  reportFile?(invocation: Invocation<Flags>): string | undefined;
  /** What an interruption left, said to the person who pressed Ctrl-C. */
  readonly whenInterrupted: string;
}

/** Runs a script as the process's main job and sets the process's exit code. */
export async function runScript<Flags extends FlagSet, Report extends AnyReport>(
  script: Script<Flags, Report>,
  argv: readonly string[] = process.argv.slice(2),
): Promise<void> {
  endWithSupervisor();
  const terminal = standardError(process.env);
  let invocation: Invocation<Flags>;
  try {
    invocation = parseCommandLine(script.commandLine, argv);
    loadDotEnv();
  } catch (error) {
    if (error instanceof AnswerInstead) {
      process.stdout.write(`${error.message}\n`);
      return;
    }
    failWith(error, script.commandLine.name, terminal);
    if (argv.includes('--json')) {
      const startedAt = new Date().toISOString();
      const head = { command: script.commandLine.name, toolVersion: TOOL_VERSION, startedAt };
      printJson({
        ...head,
        elapsedMs: 0,
        exitCode: exitCodeOfError(error),
        error: describeError(error),
      });
    }
    return;
  }
  await runInvocation(script, invocation, terminal);
}

async function runInvocation<Flags extends FlagSet, Report extends AnyReport>(
  script: Script<Flags, Report>,
  invocation: Invocation<Flags>,
  terminal: Terminal,
): Promise<void> {
  const { json, quiet } = invocation.flags as { json: boolean; quiet: boolean };
  const startedAt = new Date();
  const start = performance.now();
  const envelope = (exitCode: ExitCode): Pick<AnyReport, ReportEnvelope> => ({
    command: script.commandLine.name,
    toolVersion: TOOL_VERSION,
    startedAt: startedAt.toISOString(),
    elapsedMs: Math.round(performance.now() - start),
    exitCode,
  });
  const interruption = listenForInterruption(terminal);
  const progress = quiet ? silentProgress : terminalProgress(terminal);
  try {
    const result = await script.run(
      invocation,
      { signal: interruption.signal, progress },
      process.env,
    );
    const { failure } = result as Pick<AnyReport, 'failure'>;
    const exitCode = failure === undefined ? script.exitCode(result) : exitCodeOfKind(failure.kind);
    // The envelope is what CommandResult leaves out of Report.
    const report = { ...envelope(exitCode), ...result } as unknown as Report;
    await writeReportFile(script.reportFile?.(invocation), report);
    showReport(script, report, { json, quiet, terminal, invocation });
    process.exitCode = exitCode;
  } catch (caught) {
    const error = interruption.signal.aborted ? interrupted(script.whenInterrupted) : caught;
    failWith(error, script.commandLine.name, terminal);
    if (json) printJson({ ...envelope(exitCodeOfError(error)), error: describeError(error) });
  } finally {
    interruption.stop();
  }
}

function showReport<Flags extends FlagSet, Report extends AnyReport>(
  script: Script<Flags, Report>,
  report: Report,
  how: { json: boolean; quiet: boolean; terminal: Terminal; invocation: Invocation<Flags> },
): void {
  const { json, quiet, terminal, invocation } = how;
  const findings = quiet
    ? report.findings.filter((finding) => finding.severity === 'blocking')
    : report.findings;
  terminal.write(renderFindings(findings, terminal));
  if (report.failure !== undefined) terminal.write(renderError(report.failure, terminal));
  if (!quiet)
    terminal.write(
      script
        .summarize(report, invocation)
        .map((line) => `${line}\n`)
        .join(''),
    );
  if (json) printJson(report);
}

async function writeReportFile(file: string | undefined, report: AnyReport): Promise<void> {
  if (file === undefined) return;
  const partial = `${file}.partial-${process.pid}`;
  try {
    await writeFile(partial, `${JSON.stringify(report, null, 2)}\n`);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw new ToolkitError({
      kind: 'usage',
      code: 'report-unwritable',
      message: `the report cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      cause: error,
    });
  }
}

function printJson(report: unknown): void {
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

function failWith(error: unknown, name: string, terminal: Terminal): void {
  process.exitCode = exitCodeOfError(error);
  if (!(error instanceof ToolkitError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    terminal.write(`${terminal.style('red', 'bug')} ${stack}\n`);
    return;
  }
  // A fault of the command line is said in one line; one inside a file needs its place.
  const isOfCommandLine = error.kind === 'usage' && error.where.file === undefined;
  terminal.write(
    isOfCommandLine
      ? `${name}: ${usageLine(error)}\n`
      : renderError(describeError(error), terminal),
  );
}

function usageLine(error: ToolkitError): string {
  return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
}

function interrupted(whatIsLeft: string): ToolkitError {
  return new ToolkitError({
    kind: 'interrupted',
    code: 'interrupted',
    message: `interrupted: ${whatIsLeft}`,
  });
}

const SAME_KEY_PRESS_MS = 1000;
/** Ctrl-C, an order to end, and a terminal that was closed. */
const SIGNALS_THAT_END = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Interruption {
  readonly signal: AbortSignal;
  stop(): void;
}

/** The first Ctrl-C asks the command to stop cleanly; the second ends the process at once. */
function listenForInterruption(terminal: Terminal): Interruption {
  const controller = new AbortController();
  let firstAt = 0;
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      // One key press may arrive twice: from the terminal, and passed on by a parent process.
      if (performance.now() - firstAt < SAME_KEY_PRESS_MS) return;
      process.exit(130);
    }
    firstAt = performance.now();
    terminal.write('\nstopping… (again to stop at once)\n');
    controller.abort();
  };
  for (const signal of SIGNALS_THAT_END) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    stop: () => {
      for (const signal of SIGNALS_THAT_END) process.off(signal, onSignal);
    },
  };
}
