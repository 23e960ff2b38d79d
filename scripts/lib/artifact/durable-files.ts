import { open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

import { ByteDigest, type FileDigest } from './byte-digest.ts';

const FLUSH_AT_CHARACTERS = 256 * 1024;
/** So much at a time goes to the disk while more is written, so that little of it is waited for at the end. */
const SYNC_EVERY_BYTES = 64 * 1024 * 1024;

/** A new file that is hashed while it is written; nothing is durable until {@link close} has returned. */
export class HashingFile {
  readonly #handle: FileHandle;
  readonly #digest = new ByteDigest();
  #pending: string[] = [];
  #pendingLength = 0;
  #unsyncedBytes = 0;
  /** The syncs so far; one that fails says so once, and no later one would. */
  #synced: Promise<void> = Promise.resolve();

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** @throws when the file exists already. */
  static async create(path: string): Promise<HashingFile> {
    return new HashingFile(await open(path, 'wx'));
  }

  /** How many bytes have been written so far. */
  get sizeBytes(): number {
    return this.#digest.sizeBytes;
  }

  /** Takes text; returns true when enough has gathered that {@link flush} should be awaited. */
  append(text: string): boolean {
    this.#pending.push(text);
    this.#pendingLength += text.length;
    return this.#pendingLength >= FLUSH_AT_CHARACTERS;
  }

  async flush(): Promise<void> {
    const bytes = Buffer.from(this.#pending.join(''), 'utf8');
    this.#pending = [];
    this.#pendingLength = 0;
    await this.#write(bytes);
  }

  /** Writes what is pending, and these bytes after it. */
  async write(bytes: Buffer): Promise<void> {
    if (this.#pendingLength > 0) await this.flush();
    await this.#write(bytes);
  }

  async #write(bytes: Buffer): Promise<void> {
    // Another thread writes while this one hashes.
    const written = this.#store(bytes);
    this.#digest.add(bytes);
    await written;
    this.#unsyncedBytes += bytes.length;
    if (this.#unsyncedBytes >= SYNC_EVERY_BYTES) this.#syncBehind();
  }

  #syncBehind(): void {
    this.#unsyncedBytes = 0;
    this.#synced = this.#synced.then(async () => this.#handle.datasync());
    this.#synced.catch(() => undefined);
  }

  async #store(bytes: Buffer): Promise<void> {
    let offset = 0;
    while (offset < bytes.length) {
      offset += (await this.#handle.write(bytes, offset)).bytesWritten;
    }
  }

  /** Writes what is pending and waits until the disk has it. */
  async close(): Promise<FileDigest> {
    await this.flush();
    await this.#synced;
    await this.#handle.sync();
    await this.#handle.close();
    return this.#digest.finish();
  }

  /** Closes without any promise about the content; for a file that is about to be removed. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }
}

/**
 * Gives what is on disk already another name in its folder or a folder near it, for good: when that
 * name cannot be made durable, it is taken back.
 */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  try {
    await syncFolder(dirname(to));
  } catch (error) {
    await rename(to, from).catch(() => undefined);
    throw error;
  }
}

/** Makes the names in a folder durable. Windows cannot open a folder, and needs no such step. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
