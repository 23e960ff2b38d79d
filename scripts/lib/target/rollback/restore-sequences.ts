import type pg from 'pg';

import type { TargetCatalog } from '../../model/target-catalog.ts';
import type { JournalTable } from '../journal/runs.ts';
import { highestFedBy } from '../sequences.ts';

/**
 * Sets sequences back to what they would have given next before a run, but above what is left in the
 * columns that they feed.
 *
 * @param done the tables that the run loaded
 * @param setSince sequences that later runs have set: these stay
 */
export async function restoreSequences(
  client: pg.Client,
  catalog: TargetCatalog,
  done: readonly JournalTable[],
  setSince: ReadonlySet<string>,
): Promise<void> {
  const all = catalog.tables.flatMap(({ sequences }) => sequences);
  for (const [name, before] of valuesBefore(done)) {
    const sequence = all.find(({ sql }) => sql === name);
    // One that is not there any more, or that another run has set since.
    if (sequence === undefined || setSince.has(name)) continue;
    const highest = await highestFedBy(client, catalog, name, catalog.tables);
    const next = highest !== null && highest >= before ? highest + 1n : before;
    // RESTART takes no value beyond the last, where a sequence that was used up would begin.
    if (next <= sequence.max) {
      await client.query(`ALTER SEQUENCE ${name} RESTART WITH ${next}`);
    }
  }
}

/** What each sequence would have given next before the run: what the first of its tables met. */
function valuesBefore(done: readonly JournalTable[]): Map<string, bigint> {
  const before = new Map<string, bigint>();
  for (const { sequences } of done.toSorted((a, b) => timeOf(a) - timeOf(b))) {
    for (const { sequence, nextValueBefore } of sequences) {
      if (!before.has(sequence)) before.set(sequence, BigInt(nextValueBefore));
    }
  }
  return before;
}

function timeOf({ endedAt }: JournalTable): number {
  return endedAt?.getTime() ?? 0;
}
