import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { sqliteFile } from './sqlite.ts';

/** A process that commits one transaction after the other. */
export interface RestlessWriter {
  stop(): Promise<void>;
}

const SCRIPT = `
  const Database = require('better-sqlite3');
  const [, path, pauseMs] = process.argv;
  const db = new Database(path, { timeout: 20 });
  db.pragma('synchronous = OFF');
  const move = db.transaction(() => {
    db.exec('UPDATE a SET amount = amount - 1; UPDATE b SET amount = amount + 1, moves = moves + 1');
  });
  const run = () => {
    try { move.immediate(); } catch (error) { if (!String(error.code).startsWith('SQLITE_BUSY')) throw error; }
    if (Number(pauseMs) === 0) setImmediate(run); else setTimeout(run, Number(pauseMs));
  };
  process.on('disconnect', () => process.exit());
  run();
  process.send('ready');
`;

/** Each transaction moves a part of one amount to the other: at any moment they are this together. */
export const AMOUNT_TOGETHER = 1_000_000n;

/** Makes the database that {@link startRestlessWriter} writes to. @returns its path */
export function databaseOfTwoAmounts(path: string, journalMode: 'delete' | 'wal'): string {
  return sqliteFile(
    path,
    `PRAGMA journal_mode = ${journalMode};
     CREATE TABLE a (id INTEGER PRIMARY KEY, amount INT); INSERT INTO a VALUES (1, ${AMOUNT_TOGETHER});
     CREATE TABLE b (id INTEGER PRIMARY KEY, amount INT, moves INT); INSERT INTO b VALUES (1, 0, 0)`,
  );
}

/** @param pauseMs how long it rests between two transactions */
export async function startRestlessWriter(path: string, pauseMs: number): Promise<RestlessWriter> {
  const child: ChildProcess = spawn(process.execPath, ['-e', SCRIPT, path, String(pauseMs)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    cwd: process.cwd(),
  });
  await once(child, 'message');
  return {
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
