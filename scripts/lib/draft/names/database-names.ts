import { createHash } from 'node:crypto';

import { snakeCase, wordsOf } from './words.ts';

/** PostgreSQL cuts longer names. Source: https://www.postgresql.org/docs/current/limits.html */
export const MAX_NAME_BYTES = 63;

/** Columns that every table of PostgreSQL has. Source: https://www.postgresql.org/docs/current/ddl-system-columns.html */
const SYSTEM_COLUMNS: ReadonlySet<string> = new Set([
  'tableoid',
  'xmin',
  'cmin',
  'xmax',
  'cmax',
  'ctid',
]);

/** A type of such a name would be there, and its name without a schema would mean PostgreSQL's own. */
export const BUILT_IN_TYPES: ReadonlySet<string> = new Set(
  (
    'aclitem any anyarray anycompatible anycompatiblearray anycompatiblemultirange ' +
    'anycompatiblenonarray anycompatiblerange anyelement anyenum anymultirange anynonarray ' +
    'anyrange bit bool box bpchar bytea char cid cidr circle cstring date datemultirange ' +
    'daterange event_trigger fdw_handler float4 float8 gtsvector index_am_handler inet int2 ' +
    'int2vector int4 int4multirange int4range int8 int8multirange int8range internal interval ' +
    'json jsonb jsonpath language_handler line lseg macaddr macaddr8 money name numeric ' +
    'nummultirange numrange oid oidvector path point polygon record refcursor regclass ' +
    'regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure ' +
    'regrole regtype table_am_handler text tid time timestamp timestamptz timetz trigger ' +
    'tsm_handler tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot ' +
    'unknown uuid varbit varchar void xid xid8 xml'
  ).split(' '),
);

/** Prisma writes a name into SQL as it is, so a quote would end it; control characters help nobody. */
// oxlint-disable-next-line no-control-regex
const UNWRITABLE = /["\u0000-\u001f\u007f]/g;

/** How a name goes into PostgreSQL, and why it is not the source's own; null when it is. */
export interface DatabaseName {
  readonly name: string;
  readonly reason: string | null;
}

/** @param used names that the same table or schema has given out already; the new one is added */
export function databaseName(
  original: string,
  kind: 'table' | 'column',
  isSnakeCase: boolean,
  used: Set<string>,
): DatabaseName {
  const wanted = isSnakeCase ? snakeCase(wordsOf(original)) || original : original;
  const written = wanted.replaceAll(UNWRITABLE, '_');
  const reasons = [
    ...(wanted === original ? [] : ['--snake-case']),
    ...(written === wanted
      ? []
      : ['Prisma cannot write its quotes or control characters into SQL']),
  ];
  let name = written;
  if (name === '') {
    name = kind;
    reasons.push('PostgreSQL has no empty name');
  }
  if (kind === 'column' && SYSTEM_COLUMNS.has(name)) {
    name = `${name}_`;
    reasons.push('it is a column that every table of PostgreSQL has');
  }
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    name = shortName(name);
    reasons.push(`PostgreSQL's names have at most ${MAX_NAME_BYTES} bytes`);
  }
  if (used.has(name)) {
    name = freeName(name, used);
    reasons.push('the name is taken');
  }
  used.add(name);
  return { name, reason: reasons.length === 0 ? null : reasons.join('; ') };
}

/** @param used names that the schema has given out already; the new one is added */
export function enumDatabaseName(wanted: string, used: Set<string>): string {
  const isBuiltIn = BUILT_IN_TYPES.has(wanted) || wanted.startsWith('pg_');
  const short = shortName(wanted, isBuiltIn ? '_enum' : '');
  const name = used.has(short) ? freeName(short, used) : short;
  used.add(name);
  return name;
}

/** The name with a number that makes it a new one, within the limit. */
export function freeName(name: string, used: ReadonlySet<string>): string {
  for (let number = 2; ; number++) {
    const candidate = `${cut(name, MAX_NAME_BYTES - `_${number}`.length)}_${number}`;
    if (!used.has(candidate)) return candidate;
  }
}

const DIGEST_LENGTH = 8;

/** A name within the limit: its beginning and a digest of all of it, so that two long names stay two. */
export function shortName(name: string, ending = ''): string {
  if (Buffer.byteLength(name + ending) <= MAX_NAME_BYTES) return name + ending;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, DIGEST_LENGTH);
  const tail = `_${digest}${ending}`;
  return cut(name, MAX_NAME_BYTES - tail.length) + tail;
}

/** As many whole characters as so many bytes hold. */
function cut(name: string, maxBytes: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}
