import { ToolkitError, describeError } from '../model/errors.ts';
import { isSystemError } from '../model/system-error.ts';
import { exitCodeOfError } from './exit-codes.ts';
import { renderError } from './render.ts';
import type { Terminal } from './terminal.ts';

/** The error of a report that cannot be written. */
export function reportUnwritable(error: unknown, file?: string): ToolkitError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ToolkitError({
    kind: 'usage',
    code: 'report-unwritable',
    message: `the report cannot be written: ${reason}`,
    where: { file: file ?? 'standard output' },
    hint: 'free some space, or name another place; it changes nothing about what the script did',
    cause: error,
  });
}

/**
 * Keeps what a script does from depending on who listens: when standard error or standard output
 * cannot be written any more, the work goes on to its end. A reader that leaves, as `head` does, is
 * no fault; a report that is lost otherwise is said, and the exit code tells it.
 */
export function outliveReaders(terminal: Terminal): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: unknown) => {
    if (isSystemError(error) && error.code === 'EPIPE') return;
    const lost = reportUnwritable(error);
    terminal.write(renderError(describeError(lost), terminal));
    process.exitCode ||= exitCodeOfError(lost);
  });
}
