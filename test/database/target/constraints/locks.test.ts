import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrokenReferences } from '../../../../scripts/lib/target/constraints/broken-references.ts';
import { lockForLoad, type LockMode } from '../../../../scripts/lib/target/constraints/locks.ts';
import {
  planConstraints,
  type ConstraintPlan,
} from '../../../../scripts/lib/target/constraints/plan.ts';
import { readConstraintRights } from '../../../../scripts/lib/target/constraints/rights.ts';
import { setConstraintsAside } from '../../../../scripts/lib/target/constraints/set-aside.ts';
import { introspectTarget } from '../../../../scripts/lib/target/introspect.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { createOwner, type TestRole } from '../../../support/role.ts';

/** Two tables that refer to two parents, so that careless sessions could hold one each and wait for the other. */
const TABLES = `
  CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE q (id integer PRIMARY KEY);
  CREATE TABLE a (id serial PRIMARY KEY, q_id integer CONSTRAINT a1 REFERENCES q, p_id integer CONSTRAINT a2 REFERENCES p);
  CREATE TABLE b (id serial PRIMARY KEY, p_id integer CONSTRAINT b1 REFERENCES p, q_id integer CONSTRAINT b2 REFERENCES q);
  CREATE TABLE c (id serial PRIMARY KEY, d_id integer, p_id integer REFERENCES p);
  CREATE TABLE d (id serial PRIMARY KEY, c_id integer REFERENCES c, q_id integer REFERENCES q);
  ALTER TABLE c ADD FOREIGN KEY (d_id) REFERENCES d;
  CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'it fired'; END $$;
  CREATE TRIGGER on_insert AFTER INSERT ON c FOR EACH ROW EXECUTE FUNCTION refuse();
  INSERT INTO p VALUES (1); INSERT INTO q VALUES (1);`;

const FILL: Readonly<Record<string, string>> = {
  a: 'INSERT INTO a (p_id, q_id) VALUES (1, 1)',
  b: 'INSERT INTO b (p_id, q_id) VALUES (1, 1)',
  c: 'INSERT INTO c (id, d_id, p_id) VALUES (1, 1, 1)',
  d: 'INSERT INTO d (id, c_id, q_id) VALUES (1, 1, 1)',
};

let database: TestDatabase;
let owner: TestRole;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = await createOwner(database);
  await database.query(`SET ROLE "${owner.name}"; ${TABLES}`);
});
afterAll(async () => database.drop());

interface Load {
  readonly url: string;
  readonly tables: readonly string[];
  readonly keepConstraints?: boolean;
  readonly truncate?: boolean;
  /** Asks for something before the end. */
  readonly look?: (client: pg.Client, plan: ConstraintPlan) => Promise<void>;
}

/** Does what a load does to the tables, in a session and a transaction of its own. */
async function load({ url, tables, keepConstraints = false, truncate, look }: Load): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const catalog = await introspectTarget(client, 'public');
    const loaded = catalog.tables.filter(({ name }) => tables.includes(name));
    const emptied = truncate === true ? loaded : [];
    const rights = await readConstraintRights(client, catalog);
    const options = {
      rights,
      keepConstraints,
      keepsRows: truncate !== true,
      isFilled: () => truncate === true,
    };
    await client.query('BEGIN');
    const plan = planConstraints(catalog, loaded, emptied, options);
    await lockForLoad(client, plan.locks);
    const restore = await setConstraintsAside(client, catalog, plan, loaded);
    if (truncate === true) await client.query(`TRUNCATE ${tables.join(', ')}`);
    for (const table of tables) await client.query(FILL[table] ?? '');
    expect(await findBrokenReferences(client, catalog, plan.proven, 1)).toEqual([]);
    await restore();
    await look?.(client, plan);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

/** Every lock mode of PostgreSQL, the weakest first, as pg_locks names it. */
const STRENGTH = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

function strengthOf(mode: LockMode): number {
  const words = mode.split(' ').map((word) => word.charAt(0) + word.slice(1).toLowerCase());
  return STRENGTH.indexOf(`${words.join('')}Lock`);
}

describe('the locks of a load', () => {
  it.each(['proven', 'dropped', 'in-place'] as const)(
    'are all taken before anything else, each in the mode that is needed (%s)',
    async (mode) => {
      const url = mode === 'proven' ? database.url : owner.url;
      for (const tables of [['a'], ['c', 'd']]) {
        await load({
          url,
          tables,
          keepConstraints: mode === 'in-place',
          truncate: tables.length > 1,
          look: async (client, plan) => {
            expect(plan.mode).toBe(mode);
            const { rows } = await client.query<{ table: string; mode: string }>(
              `SELECT format('%I.%I', nspname, relname) AS table, mode FROM pg_locks
                 JOIN pg_class AS c ON c.oid = relation AND relkind = 'r'
                 JOIN pg_namespace AS n ON n.oid = relnamespace AND nspname = 'public'
                WHERE pid = pg_backend_pid()`,
            );
            const planned = new Map(
              plan.locks.map((lock) => [lock.table.replaceAll('"', ''), strengthOf(lock.mode)]),
            );
            const beyond = rows.filter(
              (held) => STRENGTH.indexOf(held.mode) > (planned.get(held.table) ?? -1),
            );
            expect(rows.length).toBeGreaterThan(tables.length);
            expect(beyond).toEqual([]);
          },
        });
      }
    },
  );

  it('make loads side by side wait for each other, and none is given up for a deadlock', async () => {
    const rounds = 6;
    const chain = async (one: Pick<Load, 'url' | 'keepConstraints' | 'tables'>): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) await load(one);
    };
    const [before] = await database.query<{ count: string }>('SELECT count(*) FROM b');
    await Promise.all([
      chain({ url: owner.url, tables: ['a'] }),
      chain({ url: owner.url, tables: ['b'] }),
      chain({ url: database.url, tables: ['b'] }),
      chain({ url: owner.url, tables: ['a'], keepConstraints: true }),
    ]);
    const [after] = await database.query<{ count: string }>('SELECT count(*) FROM b');
    expect(Number(after?.count) - Number(before?.count)).toBe(2 * rounds);
  });
});
