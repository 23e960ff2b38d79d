import { setMaxListeners } from 'node:events';
import { performance } from 'node:perf_hooks';

import { ToolkitError, describeError, type ErrorDescription } from '../model/errors.ts';
import type { Finding } from '../model/findings.ts';
import type { ArtifactReference, CommandContext } from '../model/progress.ts';
import type { CommandResult, ReportEnvelope } from '../model/reports/parts.ts';
import type { Stage } from '../model/stage.ts';
import { TOOL_VERSION } from '../model/version.ts';
import {
  AnswerInstead,
  parseCommandLine,
  type CommandLine,
  type Invocation,
} from './command-line.ts';
import { loadDotEnv } from './environment.ts';
import { exitCodeOfError, exitCodeOfKind, type ExitCode } from './exit-codes.ts';
import type { CommonValues, FlagSet } from './flags.ts';
import { keepWithArtifact, type KeptReport } from './keep-report.ts';
import type { ErrorReport } from '../html/report-pages.ts';
import { outliveReaders } from './lost-output.ts';
import { renderError, renderFindings } from './render.ts';
import { requirePlaceForPage, writeWhole } from './report-files.ts';
import { shownOptions } from './shown-options.ts';
import { endWithSupervisor } from './supervise.ts';
import { standardError, type Terminal } from './terminal.ts';
import { openWatch, type ScriptEnding, type Watch } from './watch.ts';

interface AnyReport {
  readonly command: string;
  readonly toolVersion: string;
  readonly startedAt: string;
  readonly elapsedMs: number;
  readonly exitCode: number;
  readonly peakMemoryBytes: number;
  readonly findings: Finding[];
  readonly failure?: ErrorDescription | undefined;
  readonly artifact?: KeptReport['artifact'];
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
  /** The report as a page, for --html; null where there is none of it. */
  page?(report: Report): Promise<string | null>;
  /** The stage under which the report is kept with its artifact; null when it is not kept. */
  stage?(invocation: Invocation<Flags>, env: NodeJS.ProcessEnv): Stage | null;
  /** What those who watch are told instead of a stage, where it does something else. */
  watchedAs?(invocation: Invocation<Flags>): string | null;
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
  outliveReaders(terminal);
  let invocation: Invocation<Flags>;
  let watch: Watch;
  try {
    invocation = parseCommandLine(script.commandLine, argv);
    loadDotEnv();
    watch = watchScript(script, invocation, terminal);
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
        peakMemoryBytes: peakMemoryBytes(),
        error: describeError(error),
      });
    }
    return;
  }
  await runInvocation(script, invocation, watch);
}

function watchScript<Flags extends FlagSet, Report extends AnyReport>(
  script: Script<Flags, Report>,
  invocation: Invocation<Flags>,
  terminal: Terminal,
): Watch {
  const command = script.commandLine.name;
  const watched = {
    command,
    stage: script.watchedAs?.(invocation) ?? stageOf(script, invocation) ?? command,
    options: shownOptions(invocation),
  };
  return openWatch(watched, invocation.flags, terminal);
}

/** The stage; null where the command line is so that there will be none. */
function stageOf<Flags extends FlagSet, Report extends AnyReport>(
  script: Script<Flags, Report>,
  invocation: Invocation<Flags>,
): Stage | null {
  try {
    return script.stage?.(invocation, process.env) ?? null;
  } catch {
    // The script itself says what is wrong.
    return null;
  }
}

async function runInvocation<Flags extends FlagSet, Report extends AnyReport>(
  script: Script<Flags, Report>,
  invocation: Invocation<Flags>,
  watch: Watch,
): Promise<void> {
  const { terminal, progress, onJournalRun } = watch;
  const { json, quiet, html } = invocation.flags as CommonValues & { readonly html?: string };
  const startedAt = new Date();
  const start = performance.now();
  const envelope = (exitCode: ExitCode): Pick<AnyReport, ReportEnvelope> => ({
    command: script.commandLine.name,
    toolVersion: TOOL_VERSION,
    startedAt: startedAt.toISOString(),
    elapsedMs: Math.round(performance.now() - start),
    exitCode,
    peakMemoryBytes: peakMemoryBytes(),
  });
  const interruption = listenForInterruption(terminal);
  let opened: ArtifactReference | undefined;
  const onArtifact = (artifact: ArtifactReference): void => {
    if (artifact.path === invocation.argument) opened = artifact;
  };
  const keep = async (report: KeptReport): Promise<string | null> =>
    keepWithArtifact(
      report,
      () => script.stage?.(invocation, process.env) ?? null,
      quiet ? null : terminal,
    );
  let pageFile: string | undefined;
  let ending: ScriptEnding = {};
  try {
    if (html !== undefined) {
      await requirePlaceForPage(html);
      // At the end it may be gone: packages are sometimes installed anew while a script runs for hours.
      await import('../html/report-pages.ts');
    }
    pageFile = html;
    const result = await script.run(
      invocation,
      { signal: interruption.signal, progress, onArtifact, onJournalRun },
      process.env,
    );
    const { failure } = result as Pick<AnyReport, 'failure'>;
    const exitCode = failure === undefined ? script.exitCode(result) : exitCodeOfKind(failure.kind);
    // The envelope is what CommandResult leaves out of Report.
    const report = { ...envelope(exitCode), ...result } as unknown as Report;
    const unwritten = await writeReportFiles(script, invocation, report, pageFile);
    const reportFile = (await keep(report)) ?? script.reportFile?.(invocation) ?? null;
    ending = {
      report,
      reportFile,
      ...(unwritten === null ? {} : { error: describeError(unwritten) }),
    };
    showReport(script, report, { quiet, terminal, invocation });
    process.exitCode = exitCode;
    if (unwritten !== null) failWith(unwritten, script.commandLine.name, terminal);
    if (json) printJson(unwritten === null ? report : { ...report, ...failureOf(unwritten) });
  } catch (caught) {
    const error = interruption.signal.aborted ? interrupted(script.whenInterrupted) : caught;
    failWith(error, script.commandLine.name, terminal);
    const report = {
      ...envelope(exitCodeOfError(error)),
      ...(opened === undefined ? {} : { artifact: opened }),
      error: describeError(error),
    };
    const unwritten = isOfCommandLine(error) ? null : await writeErrorPage(pageFile, report);
    if (unwritten !== null) terminal.write(renderError(describeError(unwritten), terminal));
    ending = { error: report.error, reportFile: await keep(report) };
    if (json) printJson(report);
  } finally {
    interruption.stop();
    watch.end(Number(process.exitCode), ending);
  }
}

function showReport<Flags extends FlagSet, Report extends AnyReport>(
  script: Script<Flags, Report>,
  report: Report,
  how: { quiet: boolean; terminal: Terminal; invocation: Invocation<Flags> },
): void {
  const { quiet, terminal, invocation } = how;
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
}

/** The most memory that the process has had so far. */
function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** @returns why one could not be written; null when they were, or were not asked for */
async function writeReportFiles<Flags extends FlagSet, Report extends AnyReport>(
  script: Script<Flags, Report>,
  invocation: Invocation<Flags>,
  report: Report,
  pageFile: string | undefined,
): Promise<ToolkitError | null> {
  const file = script.reportFile?.(invocation);
  const unwritten =
    file === undefined
      ? null
      : await writeWhole(file, async () => `${JSON.stringify(report, null, 2)}\n`);
  if (pageFile === undefined) return unwritten;
  return (await writeWhole(pageFile, async () => (await script.page?.(report)) ?? '')) ?? unwritten;
}

async function writeErrorPage(
  file: string | undefined,
  report: ErrorReport,
): Promise<ToolkitError | null> {
  if (file === undefined) return null;
  return writeWhole(file, async () => {
    const { errorPage } = await import('../html/report-pages.ts');
    return errorPage(report);
  });
}

/** What a report says of an error that stands in the way of its command. */
function failureOf(error: unknown): { exitCode: ExitCode; error: ErrorDescription } {
  return { exitCode: exitCodeOfError(error), error: describeError(error) };
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
  terminal.write(
    isOfCommandLine(error)
      ? `${name}: ${usageLine(error)}\n`
      : renderError(describeError(error), terminal),
  );
}

/** A fault of the command line is said in one line; one inside a file needs its place. */
function isOfCommandLine(error: unknown): boolean {
  return error instanceof ToolkitError && error.kind === 'usage' && error.where.file === undefined;
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
  // Each session and each file that is read listens; Node takes more than ten for a leak.
  setMaxListeners(0, controller.signal);
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
