import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { READ } from '../../support/readings.ts';
import { createTargetColumn } from '../../support/target-column.ts';
import { RUNS, useConnection } from './held.ts';

const client = useConnection();

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Kolkata',
];

/** The moments at which PostgreSQL's clocks of a zone show a time, found by trying. */
async function momentsOf(zone: string, shown: readonly string[]): Promise<string[][]> {
  const { rows } = await client().query<{ moments: string[] }>(
    `SELECT ARRAY(
       SELECT DISTINCT (extract(epoch FROM candidate) * 1000000)::bigint
       FROM generate_series(-1500, 1500, 30) AS minutes,
         LATERAL (SELECT (shown::timestamp AT TIME ZONE 'UTC') + make_interval(mins => minutes) AS candidate) AS c
       WHERE candidate AT TIME ZONE $1 = shown::timestamp) AS moments
     FROM unnest($2::text[]) WITH ORDINALITY AS u (shown, n) ORDER BY n`,
    [zone, shown],
  );
  return rows.map(({ moments }) => moments.map(String));
}

describe('a time without a zone, in the zone of its column', () => {
  it.each(ZONES)('%s: one moment is held, none or two are refused', async (timeZone) => {
    const column = await createTargetColumn(client(), {
      type: 'timestamptz',
      read: READ.microseconds,
      context: { timeZone },
    });
    /** Times near the ends of months, when clocks change, and anywhere. */
    const minute = fc.integer({ min: Date.UTC(1972, 0) / 60_000, max: Date.UTC(2037, 0) / 60_000 });
    const changes = fc
      .tuple(
        fc.integer({ min: 1980, max: 2036 }),
        fc.constantFrom(1, 2, 3, 9, 10, 11),
        fc.integer({ min: 1, max: 31 }),
        fc.integer({ min: 0, max: 240 }),
      )
      .map(([year, month, day, minutes]) => Date.UTC(year, month, day, 0, minutes) / 60_000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(minute, changes), { minLength: 20, maxLength: 60 }),
        async (minutes) => {
          const shown = minutes.map((value) => new Date(value * 60_000).toISOString().slice(0, 16));
          const moments = await momentsOf(timeZone, shown);
          const stated = moments.map(([only, ...others]) =>
            only === undefined || others.length > 0 ? null : only,
          );
          expect(await column.held(shown)).toEqual(stated);
        },
      ),
      RUNS,
    );
  });

  it('knows the hour that is skipped and the hour that comes twice', async () => {
    const [skipped, twice] = await momentsOf('Europe/Berlin', [
      '2024-03-31T02:30',
      '2024-10-27T02:30',
    ]);
    expect([skipped?.length, twice?.length]).toEqual([0, 2]);
  });
});
