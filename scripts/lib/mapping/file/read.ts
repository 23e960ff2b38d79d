import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { importModule } from '../../launch/import-module.ts';
import { ToolkitError } from '../../model/errors.ts';
import { describeIssue, faultsOfIssues, mappingError, type FaultyFile } from './faults.ts';
import { parseJson } from './parse-json.ts';
import { mappingFileSchema } from './schema.ts';
import type * as z from 'zod';

/** A mapping file that has the right form; whether its names exist is not known yet. */
export interface Mapping extends FaultyFile {
  /** SHA-256 of the content as JSON with sorted keys: the same however the file is written. */
  readonly sha256: string;
  readonly content: z.output<typeof mappingFileSchema>;
}

const MODULE = /\.[cm]?[jt]s$/i;

/**
 * Reads a mapping: JSON, in which comments may stand, or a module with the same content as its
 * default export.
 *
 * @throws ToolkitError of kind `usage` that names every fault with its place in the file
 */
export async function readMapping(file: string): Promise<Mapping> {
  const { value, lineOf } = MODULE.test(file) ? await readModule(file) : await readJson(file);
  return checkMapping(file, value, lineOf);
}

/**
 * Checks the form of a mapping's content.
 *
 * @param file how it is named in messages
 * @throws ToolkitError of kind `usage` that names every fault
 */
export function checkMapping(
  file: string,
  value: unknown,
  lineOf: FaultyFile['lineOf'] = () => undefined,
): Mapping {
  const parsed = mappingFileSchema.safeParse(value, { error: describeIssue });
  if (!parsed.success) throw mappingError({ file, lineOf }, faultsOfIssues(parsed.error.issues));
  const { $schema: _, ...content } = parsed.data;
  const sha256 = createHash('sha256').update(canonicalJson(content)).digest('hex');
  return { file, sha256, content, lineOf };
}

interface ReadValue extends Pick<FaultyFile, 'lineOf'> {
  readonly value: unknown;
}

async function readJson(file: string): Promise<ReadValue> {
  const { value, faults, lineOf } = parseJson(await readText(file));
  if (faults.length > 0) throw mappingError({ file, lineOf }, faults);
  return { value, lineOf };
}

async function readText(file: string): Promise<string> {
  let bytes;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw unreadable(file, reasonOf(error), error);
  }
  try {
    // Windows editors put a byte order mark before the text; the decoder takes it away.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable(file, 'it is not in UTF-8', error);
  }
}

async function readModule(file: string): Promise<ReadValue> {
  let module: unknown;
  try {
    module = await importModule(resolve(file));
  } catch (error) {
    throw unreadable(file, reasonOf(error), error);
  }
  const value = defaultOf(module);
  if (value === undefined) throw unreadable(file, 'the module has no default export');
  return { value, lineOf: () => undefined };
}

/** A CommonJS module that was written as an ES module has its default export inside its exports. */
function defaultOf(module: unknown): unknown {
  const exported = memberOf(module, 'default');
  return memberOf(exported, '__esModule') === true ? memberOf(exported, 'default') : exported;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  return error instanceof Error ? error.message : String(error);
}

function unreadable(file: string, reason: string, cause?: unknown): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'mapping-unreadable',
    message: `the mapping cannot be read: ${reason}`,
    where: { file },
    hint: 'give --mapping a JSON file in UTF-8, or a module (.ts, .js) with a default export',
    cause,
  });
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${entries.join(',')}}`;
}
