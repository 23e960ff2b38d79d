/** The parts of a stage that take long enough to be watched. More may come. */
export const PHASES = [
  'unpack',
  'integrity',
  'census',
  'judge',
  'count',
  'export',
  'pack',
  'copy',
  'look-ahead',
  'check',
  'load',
  'compare',
  'restore',
  'prove',
  'prisma-client',
] as const;

export type Phase = (typeof PHASES)[number];

/** The version of the events: it grows when a field changes its meaning, not when one is added. */
export const EVENTS_VERSION = 1;

/** How a stage ends. */
export const OUTCOMES = ['succeeded', 'findings', 'failed', 'interrupted'] as const;

export type StageOutcome = (typeof OUTCOMES)[number];

/** What an activity works on, for those who watch it from outside. */
export interface Subject {
  readonly phase: Phase;
  readonly table?: string | undefined;
  /** Which of the jobs that work side by side, from 1. */
  readonly job?: number | undefined;
  /** The table is not done when its rows are: {@link Progress.settle} says what became of it. */
  readonly isSettledLater?: boolean | undefined;
}

/** One piece of work whose size is known beforehand. */
export interface Activity {
  /**
   * @param rows rows done since the last call; may be negative when work is begun anew
   * @param bytes bytes of the data files that were read or written for them, where that is known
   */
  advance(rows: number, bytes?: number): void;
  /** What is done has failed; {@link done} still follows. */
  fail?(): void;
  done(): void;
}

/** One table of a phase, before it begins. */
export interface PhaseTable {
  readonly table: string;
  /** null when it cannot be known */
  readonly rows: number | null;
  /** Size of the data file; null when there is none yet. */
  readonly bytes: number | null;
  /** An earlier attempt has done it. */
  readonly isDone?: boolean;
}

/** Where a command says what it is doing; how that is shown is the caller's matter. */
export interface Progress {
  /**
   * @param totalRows null when it cannot be known
   * @param subject what it is part of, where somebody may watch it
   */
  start(label: string, totalRows: number | null, subject?: Subject): Activity;
  /** One line for a person: a step that was taken. */
  note(text: string): void;
  /** A phase begins; these are all its tables. */
  plan?(phase: Phase, tables: readonly PhaseTable[]): void;
  /** What became of a table whose activity was to be settled later. */
  settle?(phase: Phase, table: string, outcome: 'done' | 'failed'): void;
}

/** Which artifact is meant: its path as it was given, and its id. */
export interface ArtifactReference {
  readonly path: string;
  readonly id: string;
}

/** The run in a target's journal that an import begins or goes on with. */
export interface JournalRun {
  readonly id: string;
  readonly isResumed: boolean;
}

/** What every command is given beside its options. */
export interface CommandContext {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Is told of each artifact that could be opened. */
  readonly onArtifact?: (artifact: ArtifactReference) => void;
  /** Is told of the run in the journal, once there is one. */
  readonly onJournalRun?: (run: JournalRun) => void;
  /** What the keys that are checked may take of the memory, in bytes; without it, a default. */
  readonly keyMemoryBytes?: number | undefined;
}

const idle: Activity = { advance: () => undefined, done: () => undefined };

/** Shows nothing. */
export const silentProgress: Progress = { start: () => idle, note: () => undefined };

/** Shows that something is done whose size is not known, for as long as it takes. */
export async function whileShown<Result>(
  progress: Progress,
  label: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const activity = progress.start(label, null);
  try {
    return await work();
  } finally {
    activity.done();
  }
}

/** Tells several the same. */
export function tellAll(listeners: readonly Progress[]): Progress {
  return {
    start: (label, totalRows, subject) => {
      const activities = listeners.map((listener) => listener.start(label, totalRows, subject));
      return {
        advance: (rows, bytes) => {
          for (const activity of activities) activity.advance(rows, bytes);
        },
        fail: () => {
          for (const activity of activities) activity.fail?.();
        },
        done: () => {
          for (const activity of activities) activity.done();
        },
      };
    },
    note: (text) => {
      for (const listener of listeners) listener.note(text);
    },
    plan: (phase, tables) => {
      for (const listener of listeners) listener.plan?.(phase, tables);
    },
    settle: (phase, table, outcome) => {
      for (const listener of listeners) listener.settle?.(phase, table, outcome);
    },
  };
}

/** The same, saying of each activity which job does it. */
export function ofJob(progress: Progress, job: number): Progress {
  return {
    start: (label, totalRows, subject) =>
      progress.start(label, totalRows, subject === undefined ? undefined : { ...subject, job }),
    note: (text) => progress.note(text),
    plan: (phase, tables) => progress.plan?.(phase, tables),
    settle: (phase, table, outcome) => progress.settle?.(phase, table, outcome),
  };
}
