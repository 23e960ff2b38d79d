import { createScenario, type Importer, type Scenario } from '../../support/scenario.ts';

/** A cycle of two tables, a self-reference, and a table below them. */
const SOURCE = `
  CREATE TABLE department (id INTEGER PRIMARY KEY AUTOINCREMENT, head_id INTEGER REFERENCES person (id));
  CREATE TABLE person (id INTEGER PRIMARY KEY AUTOINCREMENT, boss_id INTEGER REFERENCES person (id),
    department_id INTEGER NOT NULL REFERENCES department (id));
  CREATE TABLE badge (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id));
  INSERT INTO department VALUES (1, 11), (2, NULL);
  INSERT INTO person VALUES (10, 11, 1), (11, NULL, 1), (12, 10, 2);
  INSERT INTO badge VALUES (100, 10), (101, 12);`;

const TARGET = `
  CREATE TABLE department (id serial PRIMARY KEY, head_id integer);
  CREATE TABLE person (id serial PRIMARY KEY, boss_id integer REFERENCES person ON DELETE RESTRICT,
    department_id integer NOT NULL REFERENCES department ON DELETE CASCADE);
  CREATE TABLE badge (id serial PRIMARY KEY, person_id integer NOT NULL REFERENCES person);
  ALTER TABLE department ADD CONSTRAINT head FOREIGN KEY (head_id) REFERENCES person ON DELETE SET NULL;`;

/** Stops the load at the badges, and at nothing else. */
export const BADGES_REFUSED = 'CREATE UNIQUE INDEX badges_refused ON badge ((id / 1000));';

export interface CompanyOptions {
  readonly importer?: Importer;
  /** SQL that adds to the target. */
  readonly target?: string;
}

/** A scenario with departments, persons and badges; its files go into `folder`. */
export async function createCompany(
  folder: string,
  { importer = 'superuser', target = '' }: CompanyOptions = {},
): Promise<Scenario> {
  return createScenario(folder, { importer, source: SOURCE, target: `${TARGET} ${target}` });
}

/** A company of which all but the badges is loaded. */
export async function createStoppedCompany(
  folder: string,
  options: CompanyOptions = {},
): Promise<Scenario> {
  const scenario = await createCompany(folder, {
    ...options,
    target: `${options.target ?? ''} ${BADGES_REFUSED}`,
  });
  const { exitCode } = await scenario.import();
  if (exitCode !== 3) throw new Error(`the import was to stop at the badges: ${exitCode}`);
  await scenario.rows('DROP INDEX badges_refused');
  return scenario;
}

/** How many rows department, person and badge hold. */
export async function countRows({ rows }: Scenario): Promise<readonly number[]> {
  const [counts] = await rows(
    `SELECT ARRAY[(SELECT count(*) FROM department), (SELECT count(*) FROM person),
       (SELECT count(*) FROM badge)]::integer[] AS counts`,
  );
  return counts?.['counts'] as number[];
}
