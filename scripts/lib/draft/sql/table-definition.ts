import { foldName } from '../../source/names.ts';
import { isKeyword, isSymbol, tokensOf, type Token } from './tokens.ts';

/** What a CREATE TABLE says that SQLite has no pragma for. */
export interface TableDefinition {
  readonly checks: readonly CheckDefinition[];
  /** Expressions of generated columns, by column name as the definition writes it. */
  readonly generated: ReadonlyMap<string, string>;
  readonly isAutoincrement: boolean;
  /** First columns of foreign keys that are DEFERRABLE INITIALLY DEFERRED, folded and joined. */
  readonly deferred: ReadonlySet<string>;
}

/** A CHECK, as the source writes it. */
interface CheckDefinition {
  readonly name: string | null;
  /** What stands between the brackets. */
  readonly sql: string;
}

const EMPTY: TableDefinition = {
  checks: [],
  generated: new Map(),
  isAutoincrement: false,
  deferred: new Set(),
};

/** Reads a CREATE TABLE; nothing of it where it is not understood. Source: https://www.sqlite.org/lang_createtable.html */
export function readTableDefinition(sql: string): TableDefinition {
  const tokens = tokensOf(sql);
  const open = tokens?.findIndex((token) => isSymbol(token, '(')) ?? -1;
  if (tokens === null || open === -1) return EMPTY;
  const parts = splitAtCommas(tokens.slice(open + 1, closeOf(tokens, open)));
  const checks: CheckDefinition[] = [];
  const generated = new Map<string, string>();
  const deferred = new Set<string>();
  let isAutoincrement = false;
  for (const part of parts) {
    checks.push(...checksOf(part, sql));
    const expression = generatedOf(part, sql);
    const [name] = part;
    if (expression !== null && name !== undefined) generated.set(foldName(name.text), expression);
    if (part.some((token) => isKeyword(token, 'AUTOINCREMENT'))) isAutoincrement = true;
    const columns = deferredColumns(part);
    if (columns !== null) deferred.add(columnsId(columns));
  }
  return { checks, generated, isAutoincrement, deferred };
}

/** The key of a foreign key in `deferred`. */
export function columnsId(columns: readonly string[]): string {
  return JSON.stringify(columns.map(foldName));
}

/** The place of the bracket that closes the one at `open`; the end where none does. */
export function closeOf(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    if (isSymbol(tokens[index], '(')) depth += 1;
    if (isSymbol(tokens[index], ')')) depth -= 1;
    if (depth === 0) return index;
  }
  return tokens.length;
}

/** The pieces between commas that stand in no brackets. */
export function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    if (depth === 0 && isSymbol(token, ',')) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function checksOf(part: readonly Token[], sql: string): CheckDefinition[] {
  return topLevel(part).flatMap((index) => {
    if (!isKeyword(part[index], 'CHECK') || (index === 0 && !isSymbol(part[1], '('))) return [];
    const inner = bracketed(part, index + 1, sql);
    if (inner === null) return [];
    const isNamed = isKeyword(part[index - 2], 'CONSTRAINT');
    return [{ name: isNamed ? (part[index - 1]?.text ?? null) : null, sql: inner }];
  });
}

function generatedOf(part: readonly Token[], sql: string): string | null {
  for (const index of topLevel(part)) {
    if (index > 0 && isKeyword(part[index], 'AS')) return bracketed(part, index + 1, sql);
  }
  return null;
}

/** The columns of a foreign key that is checked at the end of the transaction. */
function deferredColumns(part: readonly Token[]): string[] | null {
  const at = part.findIndex((token) => isKeyword(token, 'DEFERRED'));
  const isDeferred =
    at > 1 &&
    isKeyword(part[at - 1], 'INITIALLY') &&
    isKeyword(part[at - 2], 'DEFERRABLE') &&
    !isKeyword(part[at - 3], 'NOT');
  if (!isDeferred) return null;
  const foreign = part.findIndex(
    (token, index) => isKeyword(token, 'FOREIGN') && isKeyword(part[index + 1], 'KEY'),
  );
  const isTableConstraint = foreign === 0 || (foreign === 2 && isKeyword(part[0], 'CONSTRAINT'));
  if (!isTableConstraint) return part[0] === undefined ? null : [part[0].text];
  const open = foreign + 2;
  return splitAtCommas(part.slice(open + 1, closeOf(part, open))).flatMap(
    ([token]) => token?.text ?? [],
  );
}

/** Indexes of the tokens that stand in no brackets. */
function topLevel(part: readonly Token[]): number[] {
  const indexes: number[] = [];
  let depth = 0;
  for (const [index, token] of part.entries()) {
    if (isSymbol(token, '(')) depth += 1;
    else if (isSymbol(token, ')')) depth -= 1;
    else if (depth === 0) indexes.push(index);
  }
  return indexes;
}

function bracketed(part: readonly Token[], open: number, sql: string): string | null {
  if (!isSymbol(part[open], '(')) return null;
  const from = part[open]?.end ?? 0;
  const to = part[closeOf(part, open)]?.start ?? from;
  return sql.slice(from, to).trim();
}
