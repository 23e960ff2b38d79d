import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import type { NonNullValue } from '../../../scripts/lib/value/convert/converter.ts';
import { describeValue } from '../../../scripts/lib/model/row-key.ts';
import { createTestDatabase } from '../../support/database.ts';
import type { TargetColumnUnderTest } from '../../support/target-column.ts';

export const RUNS = { numRuns: 8 } as const;
const VALUES_A_RUN = 60;

/** Connects to a database of its own that can tell what PostgreSQL makes of a text. */
async function connectForValues(): Promise<pg.Client> {
  const database = await createTestDatabase();
  await database.query(`
    CREATE FUNCTION as_text(value text, type text) RETURNS text LANGUAGE plpgsql AS $$
      DECLARE held text;
      BEGIN
        EXECUTE format('SELECT (CAST(%L AS %s))::text', value, type) INTO held;
        RETURN held;
      EXCEPTION WHEN OTHERS THEN RETURN NULL;
      END $$`);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return client;
}

/** What PostgreSQL itself makes of each text; null where it refuses it. */
export async function castInPostgres(
  client: pg.Client,
  texts: readonly string[],
  type: string,
): Promise<(string | null)[]> {
  const { rows } = await client.query<{ held: string | null }>(
    'SELECT as_text(value, $2) AS held FROM unnest($1::text[]) WITH ORDINALITY AS u (value, n) ORDER BY n',
    [texts, type],
  );
  return rows.map(({ held }) => held);
}

/**
 * Lets a column hold values, many at a time, and looks for one of which it holds something else than
 * is stated. A statement is told what is held: it may know more than one way to write the same.
 *
 * @returns what fast-check says of the smallest counterexample; null when there is none
 */
export async function counterexample<Value extends NonNullValue>(
  column: TargetColumnUnderTest,
  values: fc.Arbitrary<Value>,
  state: (value: Value, held: string | null) => string | null,
): Promise<string | null> {
  const pairs = values.map((value) => [value, value] as const);
  return counterexampleOfPairs(column, pairs, state);
}

/** The same for values of which something else was known when they were made. */
export async function counterexampleOfPairs<Known, Value extends NonNullValue>(
  column: TargetColumnUnderTest,
  pairs: fc.Arbitrary<readonly [known: Known, value: Value]>,
  state: (known: Known, held: string | null) => string | null,
): Promise<string | null> {
  const batches = fc.array(pairs, { minLength: 1, maxLength: VALUES_A_RUN, size: 'max' });
  const details = await fc.check(
    fc.asyncProperty(batches, async (batch) => {
      const allHeld = await column.held(batch.map(([, value]) => value));
      for (const [index, [known, value]] of batch.entries()) {
        const held = allHeld[index] ?? null;
        const stated = state(known, held);
        if (held === stated) continue;
        throw new Error(`${describeValue(value)} is held as ${held}, and stated as ${stated}`);
      }
    }),
    RUNS,
  );
  if (!details.failed) return null;
  return `${await fc.asyncDefaultReportMessage(details)}\n${String(details.errorInstance)}`;
}

/** Connects before the tests of a file and ends the connection after them. */
export function useConnection(): () => pg.Client {
  let client: pg.Client;
  beforeAll(async () => {
    client = await connectForValues();
  });
  afterAll(async () => {
    await client.end();
  });
  return () => client;
}
