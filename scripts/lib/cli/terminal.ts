import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a script speaks to a person: standard error, in colour only on a terminal and without NO_COLOR. */
export interface Terminal {
  readonly isInteractive: boolean;
  readonly columns: number;
  write(text: string): void;
  style(style: Style, text: string): string;
}

/** The process's own standard error. */
export function standardError(env: NodeJS.ProcessEnv): Terminal {
  const stream = process.stderr;
  const isInteractive = stream.isTTY && env['TERM'] !== 'dumb';
  const noColor = env['NO_COLOR'];
  const colored = stream.isTTY && (noColor === undefined || noColor === '');
  return {
    isInteractive,
    columns: stream.columns ?? 80,
    write: (text) => stream.write(text),
    // styleText would look at standard output, which may be a pipe while this is a terminal.
    style: (style, text) => (colored ? styleText(style, text, { validateStream: false }) : text),
  };
}
