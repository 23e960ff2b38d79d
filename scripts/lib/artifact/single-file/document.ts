import type { Token } from 'stream-json/core/parser.js';

import { CHECKSUMS_FILE, SCHEMA_FILE } from '../paths.ts';
import { TokenText } from './token-text.ts';

export const SINGLE_FILE_FORMAT = 'sqlite-migration-single-file';
/** Raised only when an older reader would misread the file; FORMAT.md says what each version means. */
export const SINGLE_FILE_VERSION = 1;

/** The keys of the document, in the order in which they stand. */
const KEYS = ['format', 'formatVersion', 'manifest', 'schema', 'tables', 'checksums'] as const;

/** What is said of a document that does not begin as one in this form does. */
export const OTHER_JSON = 'it is JSON of something else';

/** Why a document is not one in this form. */
export class DocumentFault extends Error {}

/** A data file, and the table whose rows it holds. */
export interface DataFile {
  readonly name: string;
  readonly file: string;
}

/** What the reader of a document is asked to do with what it finds. */
export interface DocumentTarget {
  /** Looks at format and version, which stand before all else, and refuses others. */
  checkFormat(format: string, version: string): void;
  /** Takes the bytes of `manifest.json` as text, and says which data files follow. */
  takeManifest(text: string): readonly DataFile[];
  /** Begins a file of the folder form; what is written then goes into it. */
  begin(file: string): void;
  write(text: string): void;
  /** The table that is being read, or undefined between and outside tables. */
  table: string | undefined;
  /** Ends a row. */
  endRow(): void;
}

/** Takes a token; false when it is not meant for it, and for the document's reader again. */
export type TokenTaker = (token: Token) => boolean;

/**
 * Takes one token at a time through `next`, and ends with the document. Where it yields a function,
 * that one is given the tokens until it does not take one: rows are most of a document, and a call
 * is cheaper than the way through several generators.
 */
type Reading<Result> = Generator<TokenTaker | undefined, Result, Token>;

/**
 * Reads the tokens of a document and hands the files of the folder form to `target`, in pieces.
 * Nothing is kept but the manifest.
 *
 * @throws DocumentFault where the document is not as FORMAT.md says
 */
export function* readDocument(target: DocumentTarget): Reading<void> {
  yield* expect('startObject', 'it is JSON, but no object');
  const first = yield;
  if (first.name !== 'keyValue' || first.value !== 'format') throw new DocumentFault(OTHER_JSON);
  const format = yield* readString('format');
  yield* expectKey('formatVersion');
  target.checkFormat(format, yield* readVersion());
  yield* expectKey('manifest');
  const files = target.takeManifest(yield* readManifest());
  yield* expectKey('schema');
  yield* readSchema(target);
  yield* expectKey('tables');
  yield* readTables(target, files);
  yield* expectKey('checksums');
  yield* readChecksums(target);
  yield* expect('endObject', 'there is a key after "checksums"');
}

function* expect(name: Token['name'], fault: string): Reading<void> {
  const token = yield;
  if (token.name !== name) throw new DocumentFault(fault);
}

/** @param place the object that has the key, when it is not the document itself */
function* expectKey(key: string, place = ''): Reading<void> {
  const token = yield;
  if (token.name === 'keyValue' && token.value === key) return;
  const found = token.name === 'keyValue' ? `, and ${JSON.stringify(token.value)} is there` : '';
  const order = place === '' ? `; the keys are ${KEYS.join(', ')}, in this order` : place;
  throw new DocumentFault(`the key "${key}" is not at its place${found}${order}`);
}

function* readString(what: string): Reading<string> {
  yield* expect('startString', `${what} is not a string`);
  let text = '';
  for (let token = yield; token.name === 'stringChunk'; token = yield) text += token.value;
  return text;
}

function* readVersion(): Reading<string> {
  const token = yield;
  if (token.name === 'numberValue') return token.value;
  throw new DocumentFault('formatVersion is not a number');
}

/** Laid out as `manifest.json` is. */
function* readManifest(): Reading<string> {
  const text = new TokenText('  ');
  let laidOut = '';
  do laidOut += text.next(yield);
  while (!text.isComplete);
  if (!laidOut.startsWith('{')) throw new DocumentFault('manifest is not an object');
  return `${laidOut}\n`;
}

function* readSchema(target: DocumentTarget): Reading<void> {
  target.begin(SCHEMA_FILE);
  yield* expect('startString', 'schema is not a string');
  for (let token = yield; token.name === 'stringChunk'; token = yield) {
    if (!token.value.isWellFormed()) throw new DocumentFault('schema has a lone surrogate');
    target.write(token.value);
  }
}

function* readTables(target: DocumentTarget, files: readonly DataFile[]): Reading<void> {
  yield* expect('startArray', 'tables is not a list');
  for (const [index, { name, file }] of files.entries()) {
    const token = yield;
    if (token.name === 'endArray') throw new DocumentFault(`${quote(name)} is missing in tables`);
    yield* readTableName(token, files, index);
    target.table = name;
    target.begin(file);
    yield* expectKey('rows', ' in an entry of tables');
    yield* readRows(target);
    yield* expect('endObject', 'an entry of tables has a key after "rows"');
    target.table = undefined;
  }
  const token = yield;
  if (token.name !== 'endArray') yield* readTableName(token, files, files.length);
}

/** Reads the beginning of an entry, which must be the one that the manifest has at this place. */
function* readTableName(token: Token, files: readonly DataFile[], index: number): Reading<void> {
  if (token.name !== 'startObject') throw new DocumentFault('an entry of tables is not an object');
  yield* expectKey('name', ' in an entry of tables');
  const name = yield* readString('the name of a table');
  const place = files.findIndex((candidate) => candidate.name === name);
  if (place === index) return;
  if (place === -1) throw new DocumentFault(`${quote(name)} in tables is not in the manifest`);
  if (place < index) throw new DocumentFault(`${quote(name)} stands twice in tables`);
  const expected = quote(files[index]?.name ?? '');
  throw new DocumentFault(`${quote(name)} stands in tables where the manifest has ${expected}`);
}

/** Each row becomes a line, whatever it is: that it is a row of its table is for the check to say. */
function* readRows(target: DocumentTarget): Reading<void> {
  yield* expect('startArray', 'the rows of a table are not a list');
  const text = new TokenText('');
  yield (token) => {
    if (token.name === 'endArray' && text.isComplete) return false;
    target.write(text.next(token));
    if (text.isComplete) target.endRow();
    return true;
  };
}

function* readChecksums(target: DocumentTarget): Reading<void> {
  target.begin(CHECKSUMS_FILE);
  yield* expect('startObject', 'checksums is not an object');
  for (let token = yield; token.name !== 'endObject'; token = yield) {
    const file = token.name === 'keyValue' ? token.value : '';
    const sha256 = yield* readString(`the checksum of ${quote(file)}`);
    // Nothing else could be told apart in the lines of SHA256SUMS.
    if (!/^[!-~]+$/.test(file) || !/^[0-9a-f]{64}$/.test(sha256)) {
      throw new DocumentFault(`checksums has no file name and SHA-256 at ${quote(file)}`);
    }
    target.write(`${sha256}  ${file}\n`);
  }
}

function quote(name: string): string {
  return JSON.stringify(name);
}
