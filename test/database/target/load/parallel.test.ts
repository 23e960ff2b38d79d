import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../scripts/lib/model/random.ts';
import { catalogState } from '../../../support/catalog-state.ts';
import { createScenario, IMPORTERS } from '../../../support/scenario.ts';
import { temporaryFolder } from '../../../support/temp.ts';

const folder = temporaryFolder();

interface Reference {
  readonly column: string;
  readonly parent: string;
  readonly isComposite: boolean;
  readonly timing: string;
}

const TIMINGS = ['', 'DEFERRABLE', 'DEFERRABLE INITIALLY DEFERRED'];

/** On columns that every table has; none lets a row be refused. */
const INDEXES = [
  'CREATE INDEX %NAME% ON %TABLE% (half);',
  'CREATE UNIQUE INDEX %NAME% ON %TABLE% (id) INCLUDE (half);',
  'CREATE UNIQUE INDEX %NAME% ON %TABLE% (id DESC NULLS LAST, half) WITH (fillfactor = 70);',
  'ALTER TABLE %TABLE% ADD CONSTRAINT %NAME% UNIQUE NULLS NOT DISTINCT (half, id);',
  'ALTER TABLE %TABLE% ADD CONSTRAINT %NAME% UNIQUE (id, half) DEFERRABLE INITIALLY DEFERRED;',
  'CREATE INDEX %NAME% ON %TABLE% USING hash (half);',
  'CREATE INDEX %NAME% ON %TABLE% USING brin (id, half);',
  'CREATE INDEX %NAME% ON %TABLE% (abs(half));',
  'CREATE INDEX %NAME% ON %TABLE% (half) WHERE id > 3;',
  "CREATE INDEX %NAME% ON %TABLE% (half); COMMENT ON INDEX %NAME% IS 'why';",
  'CREATE INDEX %NAME% ON %TABLE% (half); ALTER TABLE %TABLE% CLUSTER ON %NAME%;',
  'CREATE UNIQUE INDEX %NAME% ON %TABLE% (half, id); ALTER TABLE %TABLE% REPLICA IDENTITY USING INDEX %NAME%;',
];

/** Tables that refer to each other at random, in cycles and to themselves too, with their rows. */
function randomTables(seed: number): { source: string; target: string; names: string[] } {
  const random = createRandom(seed);
  const pick = (count: number): number => random.integer(0, count - 1);
  const names = Array.from({ length: 7 }, (_, index) => `t${index}`);
  const rows = 25;
  const tables = names.map((name) => ({
    name,
    references: Array.from({ length: pick(3) }, (_, index): Reference => ({
      column: `r${index}`,
      parent: names[pick(names.length)] ?? name,
      isComposite: random.chance(0.3),
      timing: TIMINGS[pick(TIMINGS.length)] ?? '',
    })),
  }));
  const source = tables.flatMap(({ name, references }) => [
    `CREATE TABLE ${name} (id INTEGER PRIMARY KEY, half INTEGER${references.map(({ column }) => `, ${column} INTEGER`).join('')});`,
    ...Array.from({ length: rows }, (_, index) => {
      // Rows come in any order of their parents.
      const cells = references.map(() => (random.chance(0.2) ? 'NULL' : String(pick(rows) + 1)));
      return `INSERT INTO ${name} VALUES (${[index + 1, 7, ...cells].join(', ')});`;
    }),
  ]);
  const target = tables.flatMap(({ name, references }) => [
    `CREATE TABLE ${name} (id serial PRIMARY KEY, half integer NOT NULL${references.map(({ column }) => `, ${column} integer`).join('')}, UNIQUE (id, half));`,
  ]);
  const keys = tables.flatMap(({ name, references }) =>
    references.map(({ column, parent, isComposite, timing }) => {
      const key = isComposite
        ? `(${column}, half) REFERENCES ${parent} (id, half)`
        : `(${column}) REFERENCES ${parent}`;
      return `ALTER TABLE ${name} ADD FOREIGN KEY ${key} ${timing};`;
    }),
  );
  const indexes = names.flatMap((name) =>
    Array.from({ length: pick(4) }, (_, index) =>
      (INDEXES[pick(INDEXES.length)] ?? '')
        .replaceAll('%TABLE%', name)
        .replaceAll('%NAME%', `${name}_i${index}`),
    ),
  );
  return { source: source.join('\n'), target: [...target, ...keys, ...indexes].join('\n'), names };
}

const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e9));
const TRIALS = Number(process.env['TRIALS'] ?? 3);

describe.each(IMPORTERS)(
  'tables that refer to each other at random, loaded by a %s',
  (importer) => {
    const trials = Array.from({ length: TRIALS }, (_, index) => SEED + index);
    it.each(trials)('are the same with one job and with four (seed %i)', async (seed) => {
      const { source, target, names } = randomTables(seed);
      const scenario = await createScenario(folder, { source, target, importer });
      const before = await catalogState(scenario.database);
      const contents = async (): Promise<unknown[]> =>
        Promise.all(names.map(async (name) => scenario.rows(`SELECT * FROM ${name} ORDER BY id`)));
      for (const keepConstraints of [false, true]) {
        const options = { truncate: true, keepConstraints, rowsToDropIndexes: 1 };
        const one = await scenario.import({ ...options, jobs: 1 });
        expect([one.exitCode, one.error, one.findings]).toEqual([0, undefined, []]);
        const loaded = await contents();
        expect(loaded).toHaveLength(names.length);
        const four = await scenario.import({ ...options, jobs: 4 });
        expect([four.exitCode, four.error, four.report?.totalRows]).toEqual([0, undefined, 175]);
        expect(await contents()).toEqual(loaded);
        expect(await catalogState(scenario.database)).toEqual(before);
      }
    });
  },
);

const table = (name: string, more = ''): string =>
  `CREATE TABLE ${name} (id INTEGER PRIMARY KEY${more});`;

const GATE = 4711;
const GATED = `
  CREATE FUNCTION passes(id integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
    IF id = 1 THEN PERFORM pg_advisory_xact_lock_shared(${GATE}); END IF; RETURN true; END $$;`;

describe('tables side by side', () => {
  it('load at the same time where none refers to the other, and a child only after its parent', async () => {
    const names = ['left', 'right', 'child'].map((name) => `"${name}"`);
    const scenario = await createScenario(folder, {
      source: `${table('"left"')} ${table('"right"')} ${table('child', ', left_id INTEGER')}
        INSERT INTO "left" VALUES (1); INSERT INTO "right" VALUES (1); INSERT INTO child VALUES (1, 1);`,
      target: `${GATED} ${table('"left"')} ${table('"right"')}
        ${table('child', ', left_id INTEGER REFERENCES "left"')}
        ${names.map((name) => `CREATE INDEX ON ${name} (passes(id));`).join(' ')}`,
    });
    const gate = new pg.Client({ connectionString: scenario.database.url });
    await gate.connect();
    try {
      await gate.query('SELECT pg_advisory_lock($1)', [GATE]);
      const copying = async (): Promise<unknown[]> =>
        scenario.rows(
          `SELECT relid::regclass::text AS name, application_name FROM pg_stat_progress_copy
             JOIN pg_stat_activity USING (pid) ORDER BY 1`,
        );
      const importing = scenario.import({ jobs: 4 });
      const application_name = 'sqlite-migration import';
      await expect.poll(copying, { interval: 20, timeout: 30_000 }).toEqual([
        { name: '"left"', application_name },
        { name: '"right"', application_name },
      ]);
      await delay(200);
      expect(await copying()).toHaveLength(2);
      await gate.query('SELECT pg_advisory_unlock($1)', [GATE]);
      expect(await importing).toMatchObject({ exitCode: 0, report: { totalRows: 3 } });
    } finally {
      await gate.end();
    }
  });

  it('that fail let the others that are loading end, begin no more, and are all told', async () => {
    const scenario = await createScenario(folder, {
      source: `CREATE TABLE bad (id INTEGER PRIMARY KEY); CREATE TABLE good (id INTEGER PRIMARY KEY);
        CREATE TABLE later (id INTEGER PRIMARY KEY, bad_id INTEGER);
        INSERT INTO bad VALUES (1); INSERT INTO good VALUES (1); INSERT INTO later VALUES (1, 1);`,
      target: `CREATE FUNCTION fails(id integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
          RAISE 'this one fails'; END $$;
        CREATE TABLE bad (id integer PRIMARY KEY); CREATE INDEX ON bad (fails(id));
        CREATE TABLE good (id integer PRIMARY KEY);
        CREATE TABLE later (id integer PRIMARY KEY, bad_id integer REFERENCES bad);`,
    });
    const { exitCode, error, report } = await scenario.import({ jobs: 2 });
    expect(exitCode).toBe(12);
    expect(error).toMatchObject({
      message: expect.stringContaining('committed: good'),
      where: { table: 'bad' },
    });
    expect(report?.tables.map(({ target, state }) => [target, state])).toEqual([
      ['bad', 'rolled-back'],
      ['good', 'committed'],
      ['later', 'not-loaded'],
    ]);
  });
});

describe('a lock that another session holds', () => {
  it('is waited for as long as is said; then the message names who holds it', async () => {
    const scenario = await createScenario(folder, {
      source: `CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1);`,
      target: 'CREATE TABLE t (id integer PRIMARY KEY);',
    });
    const other = new pg.Client({
      connectionString: scenario.database.url,
      application_name: 'nightly report',
    });
    await other.connect();
    try {
      await other.query('BEGIN; LOCK TABLE t IN ROW EXCLUSIVE MODE');
      const { rows } = await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const outcome = await scenario.import({ timeouts: { lock: 1, statement: 0 } });
      expect(outcome).toMatchObject({
        exitCode: 12,
        error: {
          code: 'lock-timeout',
          where: { table: 't' },
          hint: expect.stringContaining('--lock-timeout'),
        },
      });
      const message = outcome.error?.message ?? '';
      expect(message).toContain(`pid ${rows[0]?.pid}`);
      expect(message).toContain('nightly report');
      expect(message).toContain('idle in transaction');
      expect(message).toContain(' on t');
      await other.query('ROLLBACK');
      expect(await scenario.import()).toMatchObject({
        exitCode: 0,
        report: { run: { isResumed: true } },
      });
    } finally {
      await other.end();
    }
  });

  it('of a statement that takes too long is told apart', async () => {
    const scenario = await createScenario(folder, {
      source: `CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1);`,
      target: `CREATE FUNCTION slow(id integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
          PERFORM pg_sleep(10); RETURN true; END $$;
        CREATE TABLE t (id integer PRIMARY KEY); CREATE INDEX ON t (slow(id));`,
    });
    expect(await scenario.import({ timeouts: { lock: 1, statement: 1 } })).toMatchObject({
      exitCode: 12,
      error: {
        message: expect.stringContaining('57014'),
        where: { table: 't' },
        hint: expect.stringContaining('--statement-timeout'),
      },
    });
    expect(await scenario.rows('SELECT FROM t')).toEqual([]);
  });
});
