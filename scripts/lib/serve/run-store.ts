import { existsSync } from 'node:fs';

import { RunFollower, type RunState } from '../events/run-state.ts';
import { parseEvent } from '../events/read-events.ts';
import { ToolkitError } from '../model/errors.ts';
import { readNewLines } from './event-lines.ts';
import { isAlive } from './run-process.ts';
import {
  listRunIds,
  readJson,
  readRecord,
  runFiles,
  writeWhole,
  type RunFiles,
  type RunRecord,
} from './run-record.ts';
import {
  anyReportSchema,
  describeRun,
  hasEnded,
  statusSchema,
  type AnyReport,
  type RunStatus,
} from './run-status.ts';

const SHOWN_RUNS = 200;
/** More than may be at work; a run that is forgotten is read again. */
const MAX_FEEDS = 128;

/** A run among others. */
export type ListedRun = Omit<RunStatus, 'tables'>;

/**
 * The runs in a folder. What stands there is all there is; in memory is kept only what the latest
 * events said, so that they are not read twice.
 */
export class RunStore {
  readonly #runs: string;
  readonly #feeds = new Map<string, EventFeed>();
  readonly #ended = new Map<string, ListedRun>();

  constructor(runs: string) {
    this.#runs = runs;
  }

  /** Where the files of a run are. */
  files(id: string): RunFiles {
    return runFiles(this.#runs, id);
  }

  /** @throws ToolkitError of kind `usage` when there is no such run */
  record(id: string): RunRecord {
    const record = readRecord(this.#runs, id);
    if (record === null) throw noSuchRun();
    return record;
  }

  /** @throws ToolkitError of kind `usage` when there is no such run */
  async status(id: string): Promise<RunStatus> {
    const record = this.record(id);
    const files = this.files(id);
    const ended = statusSchema.safeParse(readJson(files.ended)).data;
    if (ended !== undefined) return ended;
    // Whether it is alive is asked first: what a process has written is there once it is gone.
    const alive = isAlive(record.process);
    const watched = await this.#feed(id).read();
    const report = this.report(id);
    const status = describeRun({ record, isAlive: alive, watched, report }, new Date());
    if (hasEnded(status.state) && !alive) {
      writeWhole(files.ended, status);
    }
    return status;
  }

  /** The report of a run; null before its end. */
  report(id: string): AnyReport | null {
    return anyReportSchema.safeParse(readJson(this.files(id).report)).data ?? null;
  }

  /** What the events of a run that is at work say; null before the first. */
  async watched(id: string): Promise<RunState | null> {
    return this.#feed(id).read();
  }

  /** How the latest runs stand, the latest first. */
  async list(): Promise<ListedRun[]> {
    const listed: ListedRun[] = [];
    for (const id of listRunIds(this.#runs).slice(0, SHOWN_RUNS)) {
      const run = this.#ended.get(id) ?? (await this.#listed(id));
      if (run !== null) listed.push(run);
    }
    return listed;
  }

  async #listed(id: string): Promise<ListedRun | null> {
    if (readRecord(this.#runs, id) === null) return null;
    const { tables: _tables, ...run } = await this.status(id);
    // It will not change any more once its file is there.
    if (existsSync(this.files(id).ended)) this.#ended.set(id, run);
    return run;
  }

  #feed(id: string): EventFeed {
    const known = this.#feeds.get(id);
    if (known !== undefined) return known;
    const feed = new EventFeed(this.files(id).events);
    const [oldest] = this.#feeds.keys();
    if (oldest !== undefined && this.#feeds.size >= MAX_FEEDS) this.#feeds.delete(oldest);
    this.#feeds.set(id, feed);
    return feed;
  }
}

/** Whether the process of a run is at work. */
export function isAtWork(runs: string, id: string): boolean {
  const mark = readRecord(runs, id)?.process;
  return mark !== undefined && isAlive(mark);
}

/** Follows the events of one run; each call reads what has come since the one before. */
class EventFeed {
  readonly #file: string;
  #offset = 0;
  #follower: RunFollower | null = null;
  #reading: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** @returns null before the first event */
  async read(): Promise<RunState | null> {
    // Two that ask at once must not take the same events twice.
    this.#reading = this.#reading.then(() => this.#readOn());
    await this.#reading;
    return this.#follower?.state ?? null;
  }

  async #readOn(): Promise<void> {
    for (;;) {
      const { lines, offset } = await readNewLines(this.#file, this.#offset);
      this.#offset = offset;
      if (lines.length === 0) return;
      for (const { text } of lines) this.#take(text);
    }
  }

  #take(line: string): void {
    const event = parseEvent(line);
    if (event === null) return;
    if (event.type === 'start') this.#follower = new RunFollower(event);
    else this.#follower?.take(event);
  }
}

function noSuchRun(): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'no-such-run',
    message: 'there is no run of that name',
    hint: 'GET /api/v1/migration lists the runs that there are',
  });
}
