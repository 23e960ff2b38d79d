import { createHash, type Hash } from 'node:crypto';

/** Size and SHA-256 of the bytes of a file. */
export interface FileDigest {
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Counts and hashes bytes as they pass. */
export class ByteDigest {
  readonly #hash: Hash | null;
  #sizeBytes = 0;

  /** @param isHashed false where somebody else will hash them: the SHA-256 is empty then */
  constructor(isHashed = true) {
    this.#hash = isHashed ? createHash('sha256') : null;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  add(bytes: Buffer): void {
    this.#hash?.update(bytes);
    this.#sizeBytes += bytes.length;
  }

  /** To be called once, at the end. */
  finish(): FileDigest {
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash?.digest('hex') ?? '' };
  }
}
