import { splitPassword } from '../../postgres/url.ts';
import { runTimed } from '../process.ts';
import { rivalRun, type Arena, type Contestant } from './contestant.ts';
import { requireAllRows } from './row-count.ts';

export const PGLOADER_COMMAND = 'pgloader';
const DATABASE = 'bench_pgloader';

/** pgloader as its manual begins: it makes its own tables in an empty database, and the keys afterwards. */
export function pgloader(arena: Arena): Contestant {
  const { dataset, server, folder, signal } = arena;
  return {
    name: 'pgloader',
    reads: 'source',
    prepare: async () => server.recreate(DATABASE),
    run: async () => {
      const { address, password } = splitPassword(server.urlOf(DATABASE));
      const args = [`sqlite://${dataset.source}`, address];
      const command = {
        program: PGLOADER_COMMAND,
        args,
        cwd: folder,
        env: { PGPASSWORD: password },
      };
      const run = rivalRun(PGLOADER_COMMAND, await runTimed(command, signal));
      await requireAllRows(server.urlOf(DATABASE), dataset, PGLOADER_COMMAND);
      return run;
    },
  };
}
