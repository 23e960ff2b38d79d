import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertArtifact } from '../../scripts/lib/commands/convert.ts';
import { quietContext } from './artifact.ts';
import { listArtifact } from './tampering.ts';

/** Writes an artifact as a single file; resolves to its path. */
export async function toSingleFile(artifact: string, path: string): Promise<string> {
  await convertArtifact(artifact, { kind: 'single-file', path }, quietContext);
  return path;
}

/** Writes an artifact as a folder; resolves to its path. */
export async function toFolder(artifact: string, path: string): Promise<string> {
  await convertArtifact(artifact, { kind: 'folder', path }, quietContext);
  return path;
}

/** Every file of a folder by its path, byte by byte. */
export function bytesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    listArtifact(folder).map((file) => [file, readFileSync(join(folder, file), 'latin1')]),
  );
}

/**
 * SQL that makes a database of everything that trips up a writer or a reader of JSON: each storage
 * class with its limits, names that mean something to JavaScript, and tables without rows.
 */
export const AWKWARD_SQL = `
  CREATE TABLE "values" (id INTEGER PRIMARY KEY, v);
  INSERT INTO "values" (v) VALUES
    (NULL), (0), (-1), (9223372036854775807), (-9223372036854775808), (9007199254740993),
    (17.0), (-0.0), (0.1), (1e21), (5e-324), (1.7976931348623157e308), (9e999), (-9e999),
    (''), (char(0)), ('a' || char(0) || 'b'), (char(8232, 8233)), (char(128512)), (char(65279)),
    (char(65533)), (char(92)), (char(92, 34)), (char(34, 92, 47, 8, 12, 10, 13, 9, 31, 127)),
    ('{"$blob":"AAA="}'), ('\\u0041'), ('],"rows":['), (CAST(x'ff00c328' AS TEXT)),
    (CAST(x'00d8' AS TEXT)), (x''), (x'00ff'), (zeroblob(100000)), (printf('%.*c', 600000, 'x')),
    (replace(printf('%.*c', 3000, 'x'), 'x', char(34, 92, 128512, 10)));
  CREATE TABLE "__proto__" ("__proto__" TEXT PRIMARY KEY, "constructor" TEXT, "1" REAL, "0" REAL);
  INSERT INTO "__proto__" VALUES ('__proto__', 'toString', 1, 0.5), ('b', NULL, -1e-7, 2);
  CREATE TABLE "constructor" ("toString" INTEGER PRIMARY KEY, parent REFERENCES "__proto__");
  INSERT INTO "constructor" VALUES (1, '__proto__');
  CREATE TABLE "10" (a); CREATE TABLE "9" (a, b AS (a || 'x')); INSERT INTO "9" (a) VALUES ('1'), ('2');
  CREATE TABLE "a ""quoted""\n\\ 'name' \u{1F600}" ("a ""b"" \\ \n" BLOB, "" TEXT);
  INSERT INTO "a ""quoted""\n\\ 'name' \u{1F600}" VALUES (x'00', 'a'), (NULL, NULL);
  CREATE TABLE pair (a, b, PRIMARY KEY (b, a)) WITHOUT ROWID; INSERT INTO pair VALUES (1, 'x'), (1.5, 'x');
  CREATE VIEW v AS SELECT * FROM pair;
`;
