import type { Terminal } from '../../scripts/lib/cli/terminal.ts';

/** A terminal that keeps what is written; styled text stands between `<style>` and `</>` when `colored`. */
export interface RecordingTerminal extends Terminal {
  readonly written: string[];
}

/** Makes a terminal whose output a test can read. */
export function recordingTerminal(
  traits: { isInteractive?: boolean; columns?: number; colored?: boolean } = {},
): RecordingTerminal {
  const written: string[] = [];
  return {
    written,
    isInteractive: traits.isInteractive ?? false,
    columns: traits.columns ?? 80,
    write: (text) => void written.push(text),
    style: (style, text) => (traits.colored === true ? `<${String(style)}>${text}</>` : text),
  };
}
