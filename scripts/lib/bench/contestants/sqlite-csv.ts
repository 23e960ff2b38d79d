import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { runTimed } from '../process.ts';
import { rivalRun, type Arena, type Contestant } from './contestant.ts';
import { CSV_ARGUMENTS, SQLITE_COMMAND, selectForCsv } from './sqlite-command.ts';

const FOLDER = 'csv';

/** SQLite's own program writes each table into a CSV file: what export is held against. */
export function sqliteCsv(arena: Arena): Contestant {
  const folder = join(arena.folder, FOLDER);
  const { tables, source } = arena.dataset;
  const input = tables
    .map((table, position) => `.once ${FOLDER}/${position}.csv\n${selectForCsv(table)};\n`)
    .join('');
  return {
    name: 'sqlite-csv',
    reads: 'source',
    prepare: async () => {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
    },
    run: async () => {
      const args = [...CSV_ARGUMENTS, source];
      const command = { program: SQLITE_COMMAND, args, cwd: arena.folder, input };
      return rivalRun(SQLITE_COMMAND, await runTimed(command, arena.signal));
    },
  };
}
