import type { Token } from 'stream-json/core/parser.js';

import { DocumentFault, readDocument, type DocumentTarget, type TokenTaker } from './document.ts';
import { tokenizer } from './token-text.ts';

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = '\u{FEFF}';

/**
 * Feeds a document's bytes to the parser, line by line so that a fault has a line.
 *
 * @throws DocumentFault, from its methods, where the bytes are not a document as FORMAT.md says
 */
export class DocumentReader {
  /** The line that is being read, from 1. */
  line = 1;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #tokensOf = tokenizer();
  readonly #document: ReturnType<typeof readDocument>;
  #taker: TokenTaker | undefined;
  #isEmpty = true;
  #isDone = false;

  constructor(target: DocumentTarget) {
    this.#document = readDocument(target);
    this.#document.next();
  }

  /** Takes the next bytes; they are read to their end before it returns. */
  take(chunk: Buffer): void {
    for (let start = 0; start < chunk.length;) {
      const newline = chunk.indexOf(NEWLINE, start);
      const end = newline === -1 ? chunk.length : newline + 1;
      this.#takePiece(this.#decode(chunk.subarray(start, end)));
      if (newline !== -1) this.line += 1;
      start = end;
    }
  }

  /** Says that nothing follows. */
  end(): void {
    this.#takePiece(this.#decode());
    if (this.#isEmpty) throw new DocumentFault('the file is empty');
    if (!this.#isDone) throw new DocumentFault('the file ends before the document does');
  }

  /** @param bytes absent at the end, where no character may be unfinished */
  #decode(bytes?: Buffer): string {
    try {
      return this.#decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new DocumentFault('the file is not UTF-8');
    }
  }

  #takeToken(token: Token): void {
    if (this.#taker?.(token) === true) return;
    const step = this.#document.next(token);
    this.#isDone = step.done === true;
    this.#taker = step.value ?? undefined;
  }

  #takePiece(piece: string): void {
    if (this.#isEmpty && piece.startsWith(BYTE_ORDER_MARK)) {
      throw new DocumentFault('the file begins with a byte order mark');
    }
    this.#isEmpty &&= piece === '';
    let tokens;
    try {
      tokens = this.#tokensOf(piece);
    } catch (error) {
      if (this.#isDone) throw new DocumentFault('something follows after the end of the document');
      const reason = error instanceof Error ? error.message : String(error);
      throw new DocumentFault(`the file is not JSON: ${inOurWords(reason)}`);
    }
    for (const token of tokens) this.#takeToken(token);
  }
}

/** The parser's reason, without what all have in common. */
function inOurWords(reason: string): string {
  const short = reason.replace(/^Parser cannot parse input: |^Parser has /, '');
  return short === 'escaped characters'
    ? 'a string has an unknown escape or a control character'
    : short;
}
