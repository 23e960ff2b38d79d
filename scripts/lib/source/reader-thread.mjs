/**
 * Run by `snapshot-readers.ts` as a thread: one more connection to a database. Plain JavaScript, because
 * what makes TypeScript run would take three times the memory and the start-up time of all else in here.
 */
import { parentPort, workerData } from 'node:worker_threads';

import Database from 'better-sqlite3';

const { path, options, pragmas } = workerData;
const db = new Database(path, options);
db.defaultSafeIntegers(true);
for (const pragma of pragmas) db.pragma(pragma);

const MOST_STATEMENTS = 16;
/** @type {Map<string, Database.Statement>} */
const statements = new Map();
/** @type {unknown} */
let markedVersion;

/**
 * The same number from this connection means that nobody committed anything in between.
 * Source: https://www.sqlite.org/pragma.html#pragma_data_version
 */
function dataVersion() {
  return db.pragma('data_version', { simple: true });
}

const actions = {
  mark: () => {
    markedVersion = dataVersion();
  },
  begin: () => {
    db.exec('BEGIN');
    return dataVersion() === markedVersion;
  },
  end: () => {
    if (db.inTransaction) db.exec('ROLLBACK');
  },
  read: ({ sql, parameters }) => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      if (statements.size >= MOST_STATEMENTS) statements.clear();
      statement = db.prepare(sql).raw(true);
      statements.set(sql, statement);
    }
    return statement.all(...parameters);
  },
};

/** The memory of BLOBs goes over to the other thread instead of being copied. */
function buffersIn(rows) {
  return Array.isArray(rows)
    ? rows.flat().flatMap((value) => (value instanceof Uint8Array ? [value.buffer] : []))
    : [];
}

parentPort.on('message', ({ id, action, ...given }) => {
  if (action === 'close') {
    db.close();
    parentPort.close();
    return;
  }
  try {
    const result = actions[action](given);
    parentPort.postMessage({ id, result }, buffersIn(result));
  } catch (error) {
    const { message } = error;
    const code = error instanceof Database.SqliteError ? error.code : undefined;
    parentPort.postMessage({ id, error: { message, code } }, []);
  }
});
