import type { Row } from '../../model/values.ts';
import type { LineStream, TableDigest } from './side.ts';

/** What a cursor walks along. */
export interface CursorOptions {
  readonly stream: LineStream;
  readonly parse: (line: Buffer) => Row;
  /** Called with the number of lines that came with one read. */
  readonly onLoad?: (lines: number) => void;
}

/** Walks the lines of a table one by one; a row is only taken apart where somebody asks for it. */
export class LineCursor {
  readonly #options: CursorOptions;
  #lines: readonly Buffer[] = [];
  #index = 0;
  #row: Row | undefined;
  #linesBefore = 0;
  #digest: TableDigest | undefined;

  constructor(options: CursorOptions) {
    this.#options = options;
  }

  /** The line at which it stands; undefined at the end, and where {@link load} has to be called first. */
  get line(): Buffer | undefined {
    return this.#lines[this.#index];
  }

  /** The number of that line, from 1. */
  get lineNumber(): number {
    return this.#linesBefore + this.#index + 1;
  }

  /** Whether there is a line, or the end was reached. */
  get isLoaded(): boolean {
    return this.#index < this.#lines.length || this.#digest !== undefined;
  }

  /** What the table came to; undefined before the end. */
  get digest(): TableDigest | undefined {
    return this.#digest;
  }

  /** Reads on until there is a line, or the end. */
  async load(): Promise<void> {
    while (!this.isLoaded) {
      this.#linesBefore += this.#lines.length;
      this.#lines = [];
      this.#index = 0;
      const step = await this.#options.stream.next();
      if (step.done === true) this.#digest = step.value;
      else this.#lines = step.value;
      this.#options.onLoad?.(this.#lines.length);
    }
  }

  advance(): void {
    this.#index += 1;
    this.#row = undefined;
  }

  /** The row of the line at which it stands. */
  row(): Row {
    if (this.line === undefined) throw new Error('a cursor at its end has no row');
    this.#row ??= this.#options.parse(this.line);
    return this.#row;
  }

  /** Ends the reading, at the end or before it. */
  async close(): Promise<void> {
    await this.#options.stream.return({ rowCount: 0, sha256: '' });
  }
}
