/** One piece of work whose size is known beforehand. */
export interface Activity {
  /** @param rows rows done since the last call; may be negative when work is begun anew */
  advance(rows: number): void;
  done(): void;
}

/** Where a command says what it is doing; how that is shown is the caller's matter. */
export interface Progress {
  /** @param totalRows null when it cannot be known */
  start(label: string, totalRows: number | null): Activity;
  /** One line for a person: a step that was taken. */
  note(text: string): void;
}

/** Which artifact is meant: its path as it was given, and its id. */
export interface ArtifactReference {
  readonly path: string;
  readonly id: string;
}

/** What every command is given beside its options. */
export interface CommandContext {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Is told of each artifact that could be opened. */
  readonly onArtifact?: (artifact: ArtifactReference) => void;
}

const idle: Activity = { advance: () => undefined, done: () => undefined };

/** Shows nothing. */
export const silentProgress: Progress = { start: () => idle, note: () => undefined };
