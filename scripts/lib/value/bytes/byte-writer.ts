const FIRST_BYTES = 1024;
/** So much is kept, however little is written. */
const KEPT_BYTES = 64 * 1024;
const NONE = Buffer.alloc(0);
/** Below this, a loop over the bytes is quicker than a call that copies them. */
const LOOP_BYTES = 40;

/**
 * Bytes written one after the other, in memory that grows as it must. Whoever writes reserves first;
 * `bytes` and `position` are open so that inner loops write without a call for each byte.
 */
export class ByteWriter {
  bytes: Buffer = NONE;
  /** Where the next byte goes. */
  position = 0;
  #firstBytes: number;

  /** @param firstBytes what it takes of the memory as soon as something is written */
  constructor(firstBytes: number = FIRST_BYTES) {
    this.#firstBytes = firstBytes;
  }

  /** Makes room for so many bytes more. */
  reserve(sizeBytes: number): void {
    const needed = this.position + sizeBytes;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.bytes.length, this.#firstBytes));
    this.bytes.copy(grown, 0, 0, this.position);
    this.bytes = grown;
  }

  /** A byte for which room is reserved. */
  byte(byte: number): void {
    this.bytes[this.position] = byte;
    this.position += 1;
  }

  /** A copy of some bytes, for which room is reserved. */
  copy(from: Uint8Array, start: number, end: number): void {
    const { bytes, position } = this;
    if (end - start > LOOP_BYTES) {
      bytes.set(from.subarray(start, end), position);
    } else {
      for (let index = start; index < end; index++) {
        bytes[position + index - start] = from[index] ?? 0;
      }
    }
    this.position = position + end - start;
  }

  /** A number from 0 to 99 as two digits, for which room is reserved. */
  twoDigits(value: number): void {
    const tens = Math.floor(value / 10);
    this.bytes[this.position] = 0x30 + tens;
    this.bytes[this.position + 1] = 0x30 + value - 10 * tens;
    this.position += 2;
  }

  /** A text in UTF-8; makes its own room. */
  text(text: string): void {
    this.reserve(3 * text.length);
    this.position += this.bytes.write(text, this.position);
  }

  /** What has been written, in memory that is written over. */
  written(): Buffer {
    return this.bytes.subarray(0, this.position);
  }

  /** Forgets what has been written. Memory of a piece that was far longer than usual is given back. */
  clear(): void {
    if (this.bytes.length > 4 * (this.position + KEPT_BYTES)) this.bytes = NONE;
    this.position = 0;
  }

  /** What has been written; it stays as it is when the writer goes on with memory of its own. */
  take(): Buffer {
    const taken = this.written();
    // Of about the size that the next piece will have: one long row is not remembered for ever.
    this.#firstBytes = Math.max(FIRST_BYTES, Math.ceil(1.25 * this.position));
    this.bytes = NONE;
    this.position = 0;
    return taken;
  }
}
