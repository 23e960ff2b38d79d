import BetterSqlite3, { type Database } from 'better-sqlite3';

/** Writes to the schema itself, as tools do that change a definition in place. */
function writeSchema(db: Database, sql: string, ...values: readonly unknown[]): void {
  db.unsafeMode(true);
  db.pragma('writable_schema = ON');
  db.prepare(sql).run(...values);
  db.pragma('writable_schema = RESET');
  db.unsafeMode(false);
}

function redefine(db: Database, name: string, sql: string): void {
  writeSchema(db, 'UPDATE sqlite_schema SET sql = ? WHERE name = ?', sql, name);
}

/**
 * Makes a database with what no fresh connection would take: definitions that name functions and
 * collations of an application, strings in double quotes, values and keys that break the rules of
 * their own table because the rules came later.
 */
export function makeUnusualDatabase(file: string): string {
  const db = new BetterSqlite3(file);
  try {
    db.pragma('foreign_keys = OFF');
    defineByApplication(db);
    changeRulesLater(db);
  } finally {
    db.close();
  }
  return file;
}

function defineByApplication(db: Database): void {
  db.function('mac_of', { deterministic: true }, (value) => `mac of ${typeof value}`);
  db.exec(`CREATE TABLE checked (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT UNIQUE, made TEXT);
    CREATE TABLE quoted (id TEXT, status TEXT, PRIMARY KEY (id), UNIQUE (status, id));
    CREATE INDEX active ON quoted (id);
    CREATE TABLE sorted (id INTEGER PRIMARY KEY, name TEXT, nick TEXT UNIQUE);
    CREATE INDEX by_name ON sorted (id);
    CREATE TABLE rowless (k, l, v, PRIMARY KEY (k DESC, l)) WITHOUT ROWID;
    INSERT INTO checked VALUES (3, 'a@b', 'x'), (1, NULL, 'y');
    INSERT INTO quoted VALUES ('a', 'active'), ('b', 'gone'), (NULL, 'active');
    INSERT INTO sorted VALUES (1, 'B', 'b'), (2, 'a', 'a');
    INSERT INTO rowless VALUES (1, 'a', 'x'), (2, 'b', 'y'), (1, 'c', 'z');
    CREATE TABLE numbered (k INTEGER, v UNIQUE, w, PRIMARY KEY (k)) WITHOUT ROWID;
    INSERT INTO numbered VALUES (1, 'b', 'x'), (2, 'a', 'y'), (3, NULL, 'z');
    CREATE TABLE replacing (k, v UNIQUE, w, PRIMARY KEY (k) ON CONFLICT REPLACE) WITHOUT ROWID;
    INSERT INTO replacing VALUES ('b', 1, 'x'), ('a', 2, 'y');
    CREATE TABLE sealed (id INTEGER PRIMARY KEY, v, mac AS (mac_of(v)) STORED UNIQUE);
    INSERT INTO sealed (id, v) VALUES (2, 'a'), (1, x'ff');
    CREATE TABLE spots_node (no INTEGER PRIMARY KEY, data BLOB);
    INSERT INTO spots_node VALUES (1, x'0102');`);
  redefine(
    db,
    'checked',
    `CREATE TABLE checked (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT UNIQUE CHECK (email REGEXP '.@.'), made TEXT DEFAULT (now_as('iso')))`,
  );
  redefine(
    db,
    'quoted',
    `CREATE TABLE quoted (id TEXT, status TEXT CHECK (status <> "bad"), PRIMARY KEY (id), UNIQUE (status, id))`,
  );
  redefine(db, 'active', `CREATE INDEX active ON quoted (id) WHERE status = "active"`);
  db.exec('REINDEX active');
  redefine(
    db,
    'sorted',
    'CREATE TABLE sorted (id INTEGER PRIMARY KEY, name TEXT COLLATE german, nick TEXT UNIQUE)',
  );
  redefine(
    db,
    'rowless',
    'CREATE TABLE rowless (k, l, v CHECK (is_fine(v)), PRIMARY KEY (k DESC, l)) WITHOUT ROWID',
  );
  redefine(
    db,
    'numbered',
    'CREATE TABLE numbered (k INTEGER, v UNIQUE, w CHECK (is_fine(w)), PRIMARY KEY (k)) WITHOUT ROWID',
  );
  redefine(
    db,
    'replacing',
    'CREATE TABLE replacing (k, v UNIQUE, w CHECK (is_fine(w)), PRIMARY KEY (k) ON CONFLICT REPLACE) WITHOUT ROWID',
  );
  redefine(db, 'by_name', 'CREATE INDEX by_name ON sorted (soundex_de(name))');
  writeSchema(
    db,
    `INSERT INTO sqlite_schema VALUES ('table', 'spots', 'spots', 0, 'CREATE VIRTUAL TABLE spots USING own_tree (a, b)')`,
  );
}

function changeRulesLater(db: Database): void {
  db.exec(`CREATE TABLE retyped (id INTEGER PRIMARY KEY, v, w, u UNIQUE);
    INSERT INTO retyped VALUES (1, 5, 17.0, 'a'), (2, '5', '17.0', NULL), (3, x'35', 1, 'b');
    CREATE TABLE required (id INTEGER PRIMARY KEY, v);
    INSERT INTO required VALUES (1, NULL), (2, 'x');
    CREATE TABLE made_strict (v, w); INSERT INTO made_strict VALUES ('text', 1.5), (2, 'y');
    CREATE TABLE rowless_retyped (k, v, PRIMARY KEY (k DESC)) WITHOUT ROWID;
    INSERT INTO rowless_retyped VALUES ('1', 5), (1, '5'), (x'31', NULL);
    CREATE TABLE numbered_retyped (k INTEGER, u UNIQUE, v, PRIMARY KEY (k)) WITHOUT ROWID;
    INSERT INTO numbered_retyped VALUES (2, 'a', 5), ('x', NULL, '5'), (1, 'b', x'35');
    CREATE TABLE repeated (a, b); CREATE INDEX once ON repeated (a);
    INSERT INTO repeated VALUES (1, 'x'), (1, 'y'), (2, 'z');`);
  redefine(
    db,
    'retyped',
    'CREATE TABLE retyped (id INTEGER PRIMARY KEY, v TEXT, w INTEGER, u UNIQUE)',
  );
  redefine(db, 'required', 'CREATE TABLE required (id INTEGER PRIMARY KEY, v NOT NULL)');
  redefine(db, 'made_strict', 'CREATE TABLE made_strict (v INTEGER, w TEXT) STRICT');
  redefine(
    db,
    'rowless_retyped',
    'CREATE TABLE rowless_retyped (k INTEGER, v TEXT, PRIMARY KEY (k DESC)) WITHOUT ROWID',
  );
  redefine(
    db,
    'numbered_retyped',
    'CREATE TABLE numbered_retyped (k INTEGER, u UNIQUE, v TEXT, PRIMARY KEY (k)) WITHOUT ROWID',
  );
  redefine(db, 'once', 'CREATE UNIQUE INDEX once ON repeated (a)');
}
