import { createHash } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';

import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** What COPY writes, in pieces of any size; the server waits until they are taken. */
export async function* copyOutput(
  client: pg.Client,
  statements: Iterable<string>,
): AsyncGenerator<Buffer, void> {
  for (const statement of statements) {
    const stream = client.query(copyTo(statement));
    // A fault that comes while nobody waits for a piece is met at the next one.
    stream.on('error', () => undefined);
    yield* stream as AsyncIterable<Buffer>;
  }
}

/** The lines of a COPY as they come, hashed on the way. Memory is one piece and the longest line. */
export class TargetLines {
  readonly #pieces: AsyncIterator<Buffer, void>;
  readonly #decoder = new StringDecoder('utf8');
  readonly #hash = createHash('sha256');
  #text = '';
  #position = 0;
  /** Where the last whole line of the text ends. */
  #end = 0;
  #isOver = false;
  #count = 0;

  constructor(pieces: AsyncIterable<Buffer, void>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Whether the next line has come. */
  get hasLine(): boolean {
    return this.#position < this.#end;
  }

  /** How many lines have been taken. */
  get count(): number {
    return this.#count;
  }

  /** Waits for the next line; false when there is none. */
  async fill(): Promise<boolean> {
    while (!this.hasLine && !this.#isOver) {
      const step = await this.#pieces.next();
      if (step.done === true) {
        this.#isOver = true;
      } else {
        this.#hash.update(step.value);
        this.#text = this.#text.slice(this.#position) + this.#decoder.write(step.value);
        this.#position = 0;
        this.#end = this.#text.lastIndexOf('\n') + 1;
      }
    }
    return this.hasLine;
  }

  /** Takes the next line, which must have come, if it is this one; a line has its newline. */
  takeIf(line: string): boolean {
    if (!this.#text.startsWith(line, this.#position)) return false;
    this.#position += line.length;
    this.#count += 1;
    return true;
  }

  /** The next line, which must have come. */
  peek(): string {
    return this.#text.slice(this.#position, this.#text.indexOf('\n', this.#position) + 1);
  }

  /** Passes over the next line, which must have come. */
  skip(): void {
    this.#position = this.#text.indexOf('\n', this.#position) + 1;
    this.#count += 1;
  }

  /** SHA-256 of all that came; to be asked once, at the end. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}
