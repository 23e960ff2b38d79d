import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeValue } from '../../../scripts/lib/model/row-key.ts';
import { connectTarget, type TargetSession } from '../../../scripts/lib/target/connect.ts';
import { parseTargetUrl } from '../../../scripts/lib/target/connection-config.ts';
import { introspectTarget } from '../../../scripts/lib/target/introspect.ts';
import { canonicalForm } from '../../../scripts/lib/value/canonical/index.ts';
import {
  Misfit,
  type ConversionContext,
  type NonNullValue,
} from '../../../scripts/lib/value/convert/converter.ts';
import { converterFor } from '../../../scripts/lib/value/convert/index.ts';
import { escapeCopyText, readCopyLine } from '../../../scripts/lib/value/copy-text.ts';
import { conversionContext } from '../../support/converted.ts';
import { createTestDatabase } from '../../support/database.ts';
import { anyText } from '../../support/values.ts';
import { anyNumber } from '../values/arbitraries.ts';
import { ARRAYS, DOCUMENTS } from '../values/exact-json.ts';
import { NUMBERS, TEXTS } from '../values/exact-scalars.ts';
import { TIMES } from '../values/exact-times.ts';

let session: TargetSession;
let tables = 0;

beforeAll(async () => {
  const database = await createTestDatabase();
  await database.query(`
    CREATE EXTENSION citext;
    CREATE TYPE mood AS ENUM ('sad', 'it''s "ok"', 'Happy');
    CREATE DOMAIN price AS numeric(10, 2) CHECK (VALUE > 0);
    CREATE DOMAIN prices AS price[];
    CREATE DOMAIN code AS varchar(3)`);
  session = await connectTarget(parseTargetUrl(database.url, {}), 'test');
  await session.client.query(`SET bytea_output = 'hex'`);
});

afterAll(async () => {
  await session.close();
});

/** A column that holds values, and both sides' canonical texts of them. */
interface CanonicalColumn {
  /** Of the values that fit or that a policy makes to fit. */
  readonly texts: (values: readonly NonNullValue[]) => Promise<readonly CanonicalPair[]>;
}

interface CanonicalPair {
  readonly value: NonNullValue;
  readonly converted: string;
  readonly here: string;
  readonly inPostgres: string | null;
}

async function createColumn(
  typeSql: string,
  context: Partial<ConversionContext> = {},
): Promise<CanonicalColumn> {
  tables += 1;
  const { client } = session;
  const table = `canonical_${tables}`;
  await client.query(`CREATE TABLE ${table} (n integer, v ${typeSql})`);
  const catalog = await introspectTarget(client, 'public');
  const columns = catalog.tables.find(({ name }) => name === table)?.columns;
  const type = columns?.find(({ name }) => name === 'v')?.type;
  if (type === undefined) throw new Error(`The catalog has no column ${table}.v.`);
  const { serverVersion } = catalog;
  const convert = converterFor(type, conversionContext({ serverVersion, ...context }));
  if (convert === undefined) throw new Error(`There is no converter for ${type.display}.`);
  const form = canonicalForm(type);
  return {
    texts: async (values) => {
      await client.query(`TRUNCATE ${table}`);
      const fitting = values.flatMap((value) => {
        let converted = convert(value);
        while (converted instanceof Misfit && converted.remedy !== undefined) {
          converted = converted.remedy.apply();
        }
        return converted instanceof Misfit ? [] : [{ value, converted }];
      });
      const lines = fitting.map(({ converted }, n) => `${n}\t${escapeCopyText(converted)}\n`);
      await pipeline(Readable.from(lines), client.query(copyFrom(`COPY ${table} FROM STDIN`)));
      const output = await buffer(
        client.query(copyTo(`COPY (SELECT ${form.sql('"v"')} FROM ${table} ORDER BY n) TO STDOUT`)),
      );
      const cells = output
        .toString('utf8')
        .split('\n')
        .map((line) => readCopyLine(line)[0] ?? null);
      return fitting.map(({ value, converted }, index) => ({
        value,
        converted,
        here: form.text(converted),
        inPostgres: cells[index] ?? null,
      }));
    },
  };
}

function expectSame(pairs: readonly CanonicalPair[]): void {
  const different = pairs.filter(({ here, inPostgres }) => here !== inPostgres);
  expect(
    different.map(({ value, ...texts }) => ({ value: describeValue(value), ...texts })),
  ).toEqual([]);
}

describe.each([...NUMBERS, ...TEXTS, ...TIMES, ...DOCUMENTS, ...ARRAYS])(
  'the canonical text of $type',
  ({ type, context, cases }) => {
    it('is the same as PostgreSQL writes', async () => {
      const column = await createColumn(type, context);
      const pairs = await column.texts(cases.map(([value]) => value));
      expect(pairs.length).toBeGreaterThan(0);
      expectSame(pairs);
    });
  },
);

const doubles = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer({ min: -1074, max: 1023 }).map((power) => 2 ** power),
  fc.float({ noNaN: true }),
);
/** Decimals in the middle of two floats, and just beside it. */
const besideSingles = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 23 - 1 }), fc.integer({ min: -20, max: 20 }), fc.nat(2))
  .map(([mantissa, power, side]) => {
    const middle = (2 ** 23 + mantissa + 0.5) * 2 ** power;
    const digits = power >= 1 ? `${BigInt(middle)}.` : exactDecimal(middle);
    return [digits, `${digits}00000000000000000001`, String(middle)][side] ?? '';
  });

/** All digits of a number with at most 21 binary places. */
function exactDecimal(value: number): string {
  const scaled = BigInt(value * 2 ** 21) * 5n ** 21n;
  const digits = String(scaled).padStart(22, '0');
  return `${digits.slice(0, -21)}.${digits.slice(-21)}`;
}

const timestamps = fc.oneof(
  fc
    .tuple(fc.date({ min: new Date(-2e14), max: new Date(8e15), noInvalidDate: true }), fc.nat(999))
    .map(([date, micros]) =>
      date.toISOString().replace('Z', `${micros % 10 === 0 ? '' : micros}Z`),
    ),
  fc.bigInt({ min: -210_866_803_200_000_000n, max: 9_224_318_016_000_000_000n - 1n }),
  fc.integer({ min: -100_000, max: 100_000 }).map(BigInt),
);
const zonedTimes = fc
  .tuple(fc.nat(86_399), fc.nat(999_999), fc.integer({ min: -57_599, max: 57_599 }))
  .map(
    ([seconds, micros, offset]) =>
      `${clock(seconds)}.${micros}${offset < 0 ? '-' : '+'}${clock(Math.abs(offset))}`,
  );

function clock(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 19);
}

const intervals = fc
  .tuple(
    fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
    fc.integer({ min: -400, max: 400 }),
    fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
    fc.boolean(),
  )
  .map(([months, days, micros, isShort]) => {
    const size = micros < 0n ? -micros : micros;
    const seconds = `${micros < 0n ? '-' : ''}${size / 1_000_000n}.${String(size % 1_000_000n).padStart(6, '0')}`;
    return isShort ? `P${months % 30}MT${seconds}S` : `P${months}M${days}DT${seconds}S`;
  });

const version6 = fc
  .array(fc.constantFrom('0', '0', '0', '1', 'ffff', 'a0', '0db8'), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.join(':'));
const addresses = fc
  .oneof(fc.ipV4(), fc.ipV6(), version6)
  .chain((address) =>
    fc
      .option(fc.nat(address.includes(':') ? 128 : 32))
      .map((prefix) => (prefix === null ? address : `${address}/${prefix}`)),
  );
/** A network is an address without bits behind its prefix. */
const networks = fc.oneof(
  addresses,
  fc.constantFrom('0.0.0.0/0', '::/0', '10.0.0.0/8', '::ffff:0:0/96'),
);
const macs = fc.uint8Array({ minLength: 6, maxLength: 6 }).map((bytes) =>
  Buffer.from(bytes)
    .toString('hex')
    .replaceAll(/..(?!$)/g, '$&-')
    .toUpperCase(),
);

const jsonNumbers = fc
  .tuple(fc.integer(), fc.nat(9999), fc.integer({ min: -30, max: 30 }), fc.nat(3))
  .map(
    ([whole, decimals, exponent, form]) =>
      [
        `${whole}`,
        `${whole}.${decimals}`,
        `${whole}.${decimals}00`,
        `${whole}.${decimals}e${exponent}`,
      ][form] ?? '0',
  );
const documents = fc.oneof(
  fc.json(),
  fc
    .tuple(fc.json(), jsonNumbers, anyText)
    .map(
      ([inner, number, key]) =>
        `{"x": ${number}, ${JSON.stringify(key)}: [${inner}, ${number}, "1.50"], "x":"\\"2.00\\"\\u0007é"}`,
    ),
  jsonNumbers,
);

function arrayOf(elements: fc.Arbitrary<NonNullValue | null>): fc.Arbitrary<string> {
  const json = elements.map((element) =>
    typeof element === 'bigint' || (typeof element === 'number' && !Number.isFinite(element))
      ? String(element)
      : JSON.stringify(element),
  );
  const flat = fc.array(json, { maxLength: 4 }).map((items) => `[${items.join(',')}]`);
  const nested = fc
    .tuple(json, json, json, json)
    .map(([a, b, c, d]) => `[[${a},${b}],[${c},${d}]]`);
  return fc.oneof(flat, nested);
}

const RANDOM: [
  type: string,
  values: fc.Arbitrary<NonNullValue>,
  context?: Partial<ConversionContext>,
][] = [
  ['bigint', anyNumber],
  ['smallint', anyNumber],
  ['numeric', anyNumber],
  ['numeric(12,4)', anyNumber],
  ['double precision', fc.oneof(doubles, anyNumber)],
  ['real', fc.oneof(doubles, anyNumber, besideSingles)],
  ['boolean', fc.constantFrom<NonNullValue>(0n, 1n, 'yes', 'F')],
  ['text', anyText],
  ['varchar(5)', anyText],
  ['char(8)', anyText],
  ['citext', anyText],
  ['bytea', fc.uint8Array()],
  ['uuid', fc.uuid()],
  ['timestamptz', timestamps, { timeUnit: 'us' }],
  ['timestamp(3)', timestamps, { timeUnit: 'us' }],
  ['date', timestamps, { timeUnit: 'us' }],
  ['time', zonedTimes.map((text) => text.slice(0, 12))],
  ['timetz', zonedTimes],
  ['timetz(2)', zonedTimes],
  ['interval', intervals],
  ['interval(2)', intervals],
  ['interval year to month', intervals],
  ['inet', addresses],
  ['cidr', networks],
  ['macaddr', macs],
  ['json', documents],
  ['jsonb', documents],
  ['text[]', arrayOf(fc.oneof(anyText, fc.constantFrom(null, 'null', 'NULL', '\u00a0', '\v')))],
  ['char(4)[]', arrayOf(fc.string({ maxLength: 4 }))],
  [
    'numeric[]',
    arrayOf(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer())),
  ],
  [
    'double precision[]',
    arrayOf(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null))),
  ],
  ['bytea[]', arrayOf(anyText)],
  ['timestamptz[]', arrayOf(timestamps.filter((value) => typeof value === 'string'))],
  ['interval[]', arrayOf(intervals)],
  ['inet[]', arrayOf(addresses)],
  ['jsonb[]', fc.array(documents, { maxLength: 4 }).map((items) => `[${items.join(',')}]`)],
  ['boolean[]', arrayOf(fc.boolean().map(String)).map((text) => text.replaceAll('"', ''))],
];

describe('the canonical text of any value is the same as PostgreSQL writes', () => {
  it.each(RANDOM.map(([type, ...more]) => [type, more] as const))(
    '%s',
    async (type, [values, context]) => {
      const column = await createColumn(type, context);
      let tried = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(values, { minLength: 1, maxLength: 60, size: 'max' }),
          async (batch) => {
            const pairs = await column.texts(batch);
            tried += pairs.length;
            expectSame(pairs);
          },
        ),
        { numRuns: 15 },
      );
      expect(tried).toBeGreaterThan(10);
    },
  );
});
