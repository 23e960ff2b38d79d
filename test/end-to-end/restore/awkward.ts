import BetterSqlite3, { type Database } from 'better-sqlite3';
import type { SourceEncoding } from '../../../scripts/lib/model/source-catalog.ts';

/** Every way in which SQLite lets a database be awkward, but for what only an application can define. */
const SCHEMA = `
CREATE TABLE "by affinity" (
  "an int" INTEGER, "a real" REAL, "a text" TEXT, "a blob" BLOB, "a numeric" NUMERIC, untyped,
  "a date" DATETIME, "a boolean" BOOLEAN, "an odd one" "GEOMETRY(POINT, 4326)"
);
CREATE TABLE strict_one (id INTEGER PRIMARY KEY, i INT, r REAL, t TEXT, b BLOB, a ANY) STRICT;
CREATE TABLE strict_keys (a ANY, b TEXT, PRIMARY KEY (a DESC, b COLLATE NOCASE)) STRICT, WITHOUT ROWID;
CREATE TABLE no_rowid (k BLOB, n REAL, v, PRIMARY KEY (n DESC, k)) WITHOUT ROWID;
CREATE TABLE text_key (id TEXT PRIMARY KEY, v);
CREATE TABLE composite (a INT, b TEXT COLLATE NOCASE, v, PRIMARY KEY (b, a));
CREATE TABLE nullable_key (a INT, b TEXT, v, PRIMARY KEY (a, b));
CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, v);
CREATE TABLE counted_and_empty (id INTEGER PRIMARY KEY AUTOINCREMENT, v);
CREATE TABLE never_counted (id INTEGER PRIMARY KEY AUTOINCREMENT, v);
CREATE TABLE tree (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES tree (id) ON DELETE CASCADE);
CREATE TABLE chicken (id INTEGER PRIMARY KEY, egg INTEGER REFERENCES egg (id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE egg (id INTEGER PRIMARY KEY, chicken INTEGER NOT NULL REFERENCES chicken (id));
CREATE TABLE orphaned (id INTEGER PRIMARY KEY, v REFERENCES nowhere (id), w REFERENCES egg (id));
CREATE TABLE computed (
  id INTEGER PRIMARY KEY, price REAL, amount INT,
  total AS (price * amount) STORED, label TEXT GENERATED ALWAYS AS ('no. ' || id) VIRTUAL,
  UNIQUE (label)
);
CREATE TABLE computed_key (a TEXT, b TEXT AS (lower(a)) STORED, v, UNIQUE (b));
CREATE TABLE rowid (rowid TEXT, _rowid_ INT, v);
CREATE TABLE hidden_rowid (rowid, _rowid_, oid);
CREATE TABLE "select" ("from" TEXT, "a ""quoted"" name", [in brackets], \`in ticks\`, "  blanks  ", "émoji 😀", "", "semi;colon");
CREATE TABLE "tab	and
newline" (v);
CREATE TABLE 'single ''quoted''' (v DEFAULT 'it''s; -- no comment
;

CREATE TABLE trap (x);
');
CREATE TABLE defaults (
  id INTEGER PRIMARY KEY, a DEFAULT (1 + 2), b TEXT DEFAULT CURRENT_TIMESTAMP, c DEFAULT x'00ff', d DEFAULT -1.5e3,
  e TEXT NOT NULL ON CONFLICT REPLACE DEFAULT '', f CHECK (f <> 'forbidden') /* a comment; it stays */
);
CREATE TABLE replacing (id INTEGER PRIMARY KEY ON CONFLICT REPLACE, u UNIQUE ON CONFLICT IGNORE, w UNIQUE);
CREATE TABLE altered (id INTEGER PRIMARY KEY, gone, v);
CREATE TABLE shrunk (v COLLATE RTRIM UNIQUE);
CREATE TABLE empty_table (v);
CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, body TEXT);
CREATE VIRTUAL TABLE notes_index USING fts5 (title, body, content='notes', content_rowid='id');
CREATE VIRTUAL TABLE own_text USING fts5 (body);
CREATE VIRTUAL TABLE places USING rtree (id, x0, x1);
CREATE INDEX by_text ON text_key (v COLLATE NOCASE DESC);
CREATE UNIQUE INDEX partial ON "by affinity" ("a text") WHERE "a text" = 'only me';
CREATE INDEX by_expression ON notes (lower(title), length(body)) WHERE body IS NOT NULL -- and a comment
;
CREATE INDEX "an index; named
oddly" ON "select" ("from", "émoji 😀");
CREATE VIEW "a view" (x, y) AS SELECT id, title || ';' FROM notes -- a comment at the end
;
CREATE TRIGGER keep_index AFTER INSERT ON notes BEGIN
  INSERT INTO notes_index (rowid, title, body) VALUES (new.id, new.title, new.body);
  SELECT ';

CREATE TABLE trap (x)';
END;
CREATE TRIGGER instead INSTEAD OF INSERT ON "a view" WHEN new.x > 0 BEGIN
  INSERT INTO notes (id, title) VALUES (new.x, new.y);
END;
CREATE TRIGGER never AFTER INSERT ON counted BEGIN SELECT RAISE(ABORT, 'a restore must not fire triggers'); END;
`;

/** Values of every storage class, the awkward ones among them; BLOBs that are cast are malformed text. */
const VALUES = [
  'NULL',
  '0',
  '-1',
  '9223372036854775807',
  '-9223372036854775808',
  '9007199254740993',
  '0.0',
  '-0.0',
  '1e308',
  '-1.7976931348623157e308',
  '5e-324',
  '2.2250738585072011e-308',
  '1e999',
  '-1e999',
  '0.1',
  '17.0',
  '9007199254740993.0',
  `''`,
  `x''`,
  `'\\N'`,
  `'\\.'`,
  `'5'`,
  `' 5 '`,
  `'5.0'`,
  `'1e3'`,
  `'0x10'`,
  `'9223372036854775808'`,
  `'tab	newline
cr\r end'`,
  `'"quotes" ''and'' \\backslashes\\'`,
  `'😀\u2028\u2029\u00a0\uFEFF\uFFFD\uFFFF'`,
  `'a' || char(0) || 'b'`,
  `char(0)`,
  `x'00ff80'`,
  `x'7b2224626c6f62223a22227d'`,
  `'{"$blob":""}'`,
  `CAST(x'ff' AS TEXT)`,
  `CAST(x'61ff62c3' AS TEXT)`,
  `CAST(x'00d800d8' AS TEXT)`,
  `CAST(x'd800dc00dc00' AS TEXT)`,
];

const ROWS = `
INSERT INTO strict_one VALUES (1, 9223372036854775807, 17, '5', x'05', '5'), (-5, NULL, 1e999, char(0), x'', 5.0), (3, 0, 0, '', NULL, x'');
INSERT INTO strict_keys VALUES (1, 'a'), ('1', 'A'), (x'31', 'a'), (1.5, 'b');
INSERT INTO no_rowid VALUES (x'', 1, 'a'), (x'00', 1, 'b'), (x'', -1e999, NULL), (x'ff', 1e999, 3);
INSERT INTO text_key VALUES ('b', 1), ('a', 2), ('B', 3), ('', 4), (NULL, 5), (NULL, 4), (x'61', 6);
INSERT INTO composite VALUES (2, 'b', 1), (1, 'B', 2), (10, 'a', 3), (9, 'A', 4);
INSERT INTO nullable_key VALUES (1, NULL, 'first'), (1, NULL, 'second'), (NULL, NULL, 'third'), (NULL, 'x', 4), (1, 'x', 5);
INSERT INTO counted_and_empty VALUES (41, 'gone'); DELETE FROM counted_and_empty;
DROP TRIGGER never; INSERT INTO counted VALUES (7, 'a'), (1000, 'gone'), (3, 'c'); DELETE FROM counted WHERE id = 1000;
CREATE TRIGGER never AFTER INSERT ON counted BEGIN SELECT RAISE(ABORT, 'a restore must not fire triggers'); END;
INSERT INTO tree VALUES (3, 1), (1, NULL), (2, 3), (4, 99);
INSERT INTO chicken VALUES (1, 1), (2, NULL); INSERT INTO egg VALUES (1, 1), (2, 77);
INSERT INTO orphaned VALUES (1, 'x', 1), (2, NULL, 55);
INSERT INTO computed (id, price, amount) VALUES (1, 0.1, 3), (2, NULL, 1), (9, 1e308, 10);
INSERT INTO computed_key (a, v) VALUES ('ABC', 1), ('abd', 2), (NULL, 3);
INSERT INTO rowid VALUES ('z', 5, 1), ('a', 4, 2); INSERT INTO hidden_rowid VALUES (3, 2, 1), (1, 2, 3), (1, 2, 3);
INSERT INTO "select" VALUES ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
INSERT INTO "tab	and
newline" VALUES ('v');
INSERT INTO "single 'quoted'" DEFAULT VALUES;
INSERT INTO defaults (id) VALUES (1), (2); INSERT INTO defaults (id, e) VALUES (3, NULL);
INSERT INTO replacing VALUES (1, 1, 1), (2, 2, 2);
INSERT INTO altered VALUES (1, 'gone', 'v'), (2, 'gone', NULL);
ALTER TABLE altered DROP COLUMN gone; ALTER TABLE altered ADD COLUMN added TEXT NOT NULL DEFAULT 'before it was there';
ALTER TABLE altered RENAME COLUMN v TO "a value"; ALTER TABLE altered RENAME TO "altered thrice";
INSERT INTO shrunk VALUES ('a'), ('b  ');
INSERT INTO notes VALUES (1, 'Milk', 'and honey'), (7, 'Bread', 'and butter'), (5, NULL, NULL);
INSERT INTO own_text VALUES ('not in the artifact'); INSERT INTO places VALUES (1, 0.5, 1.5);
DELETE FROM shrunk WHERE v = 'a';
CREATE VIEW broken AS SELECT no_such_function(no_column) FROM no_such_table;
`;

/** Makes that database, in this encoding, with everything in its header set and one value of this size. */
export function makeAwkwardDatabase(
  file: string,
  encoding: SourceEncoding,
  largestBytes: number,
): string {
  const db = new BetterSqlite3(file);
  try {
    db.pragma(`encoding = '${encoding}'`);
    db.pragma('page_size = 1024');
    db.pragma('user_version = -7');
    db.pragma('application_id = 1196444487');
    db.pragma('foreign_keys = OFF');
    db.exec(SCHEMA);
    db.exec(ROWS);
    for (const value of VALUES) {
      db.exec(`INSERT INTO "by affinity" VALUES (${Array(9).fill(value).join(', ')})`);
    }
    fillWide(db, largestBytes);
    db.pragma('ignore_check_constraints = ON');
    db.exec(`INSERT INTO defaults (id, f) VALUES (4, 'forbidden')`);
    db.pragma('journal_mode = WAL');
  } finally {
    db.close();
  }
  return file;
}

function fillWide(db: Database, largestBytes: number): void {
  const columns = Array.from({ length: 2000 }, (_, index) => `c${index}`);
  db.exec(`CREATE TABLE wide (${columns.join(', ')})`);
  const values = columns.map((_, index) => (index % 3 === 0 ? 'NULL' : `'${index}'`));
  db.exec(`INSERT INTO wide VALUES (${values.join(', ')})`);
  db.exec('CREATE TABLE large (v)');
  db.exec(`INSERT INTO large VALUES (printf('%.*c', ${largestBytes}, 'x')), (zeroblob(100000))`);
}
