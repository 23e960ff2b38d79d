import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { introspectTarget } from '../../scripts/lib/target/introspect.ts';
import {
  Misfit,
  type ConversionContext,
  type Converter,
  type NonNullValue,
} from '../../scripts/lib/value/convert/converter.ts';
import { converterFor } from '../../scripts/lib/value/convert/index.ts';
import { escapeCopyText } from '../../scripts/lib/value/copy-text.ts';
import { conversionContext } from './converted.ts';

/** A column of a real table, filled as an import fills it. */
export interface TargetColumnUnderTest {
  readonly convert: Converter;
  /** What PostgreSQL holds of each value, by the reading expression; null: the converter refuses it. */
  readonly held: (values: readonly NonNullValue[]) => Promise<(string | null)[]>;
}

export interface ColumnOptions {
  /** As in CREATE TABLE, `numeric(10,2)`. */
  readonly type: string;
  /** SQL over `v` that gives text. */
  readonly read: string;
  readonly context?: Partial<ConversionContext>;
}

let tables = 0;

/** Makes a table with a column of the type and reads from the catalog what the toolkit reads there. */
export async function createTargetColumn(
  client: pg.Client,
  { type: typeSql, read, context = {} }: ColumnOptions,
): Promise<TargetColumnUnderTest> {
  tables += 1;
  const table = `values_${tables}`;
  await client.query(`CREATE TABLE ${table} (n integer, v ${typeSql})`);
  const catalog = await introspectTarget(client, 'public');
  const type = catalog.tables
    .find(({ name }) => name === table)
    ?.columns.find(({ name }) => name === 'v')?.type;
  if (type === undefined) throw new Error(`The catalog has no column ${table}.v.`);
  const { serverVersion } = catalog;
  const convert = converterFor(type, conversionContext({ serverVersion, ...context }));
  if (convert === undefined) throw new Error(`There is no converter for ${type.display}.`);
  let count = 0;
  const held = async (values: readonly NonNullValue[]): Promise<(string | null)[]> => {
    const first = count;
    count += values.length;
    const texts = values.map(convert);
    const lines = texts.flatMap((text, index) =>
      text instanceof Misfit ? [] : [`${first + index}\t${escapeCopyText(text)}\n`],
    );
    await pipeline(Readable.from(lines), client.query(copyFrom(`COPY ${table} FROM STDIN`)));
    const { rows } = await client.query<{ n: number; held: string }>(
      `SELECT n, (${read})::text AS held FROM ${table} WHERE n >= $1`,
      [first],
    );
    const byNumber = new Map(rows.map((row) => [row.n, row.held]));
    return texts.map((text, index) =>
      text instanceof Misfit ? null : (byNumber.get(first + index) ?? 'NULL'),
    );
  };
  return { convert, held };
}
