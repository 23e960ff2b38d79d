/**
 * One SQLite value; its JavaScript type is its storage class, so the class survives the whole path:
 * `null` NULL, `bigint` INTEGER, `number` REAL, `string` TEXT (well-formed), `MalformedText` TEXT
 * whose bytes are not valid in the database's encoding, `Uint8Array` BLOB.
 *
 * Source: https://www.sqlite.org/datatype3.html
 */
export type SqliteValue = null | bigint | number | string | MalformedText | Uint8Array;

/** What SQLite's `typeof()` says of a value. */
export type StorageClass = 'null' | 'integer' | 'real' | 'text' | 'blob';

/** A row's values, in the order of the table's columns. */
export type Row = readonly SqliteValue[];

/** TEXT that no string can hold exactly: the bytes as the database has them, in its encoding. */
export class MalformedText {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** A Buffer over the same memory, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
