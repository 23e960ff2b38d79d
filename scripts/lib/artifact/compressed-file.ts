import { releaseMemory } from '../model/release-memory.ts';
import { ByteDigest, type FileDigest } from './byte-digest.ts';
import { compressor, type Compression, type CompressionStream } from './compression.ts';
import { HashingFile } from './durable-files.ts';

/** What was written: the size and SHA-256 of the content, and of the file itself. */
export interface WrittenCompressed extends FileDigest {
  readonly stored: FileDigest & { readonly compression: Compression };
}

/**
 * A new file that is compressed while it is written: by another thread, one piece behind, so that
 * whoever writes can read on meanwhile. Nothing is durable until {@link close} has returned.
 */
export class CompressedFile {
  readonly #compression: Compression;
  readonly #output: HashingFile;
  readonly #engine: CompressionStream;
  readonly #content = new ByteDigest();
  /** Ends when everything compressed is in the file, or that fails. */
  readonly #storing: Promise<void>;
  #compressing: Promise<void> = Promise.resolve();

  private constructor(compression: Compression, output: HashingFile) {
    this.#compression = compression;
    this.#output = output;
    this.#engine = compressor(compression);
    this.#storing = this.#store();
    this.#storing.catch(() => undefined);
  }

  /** @throws when the file exists already. */
  static async create(path: string, compression: Compression): Promise<CompressedFile> {
    return new CompressedFile(compression, await HashingFile.create(path));
  }

  /** @param bytes they must not change afterwards, and are gone once they are compressed */
  async write(bytes: Buffer): Promise<void> {
    this.#content.add(bytes);
    await this.#settle(this.#compressing);
    this.#compressing = new Promise((resolve, reject) => {
      this.#engine.write(bytes, (error) => {
        if (error) return reject(error);
        releaseMemory(bytes);
        resolve();
      });
    });
    this.#compressing.catch(() => undefined);
  }

  /** Waits until the disk has everything. */
  async close(): Promise<WrittenCompressed> {
    await this.#settle(this.#compressing);
    this.#engine.end();
    await this.#storing;
    const stored = { compression: this.#compression, ...(await this.#output.close()) };
    return { ...this.#content.finish(), stored };
  }

  /** Closes without any promise about the content; for a file that is about to be removed. */
  async abandon(): Promise<void> {
    this.#engine.destroy();
    await this.#storing.catch(() => undefined);
    await this.#output.abandon();
  }

  async #store(): Promise<void> {
    for await (const chunk of this.#engine as AsyncIterable<Buffer>)
      await this.#output.write(chunk);
  }

  /** Where the file cannot be written, that is the error, and not that the engine is closed then. */
  async #settle(compressing: Promise<void>): Promise<void> {
    try {
      await Promise.race([compressing, this.#storing]);
    } catch (error) {
      await this.#storing;
      throw error;
    }
  }
}
