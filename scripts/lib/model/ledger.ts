import * as z from 'zod';

import { MAX_EXAMPLES, exampleSchema } from './findings.ts';

/** What a mapping can do to a value or a row beyond what the target's type asks for. */
const CHANGE_KINDS = [
  'trim',
  'empty_to_null',
  'lower_case',
  'values',
  'if_null',
  'uuid_v5',
  'strip_nul',
  'replace_invalid_utf8',
  'round',
  'truncate',
  'null',
  'skip_row',
  'where',
  'conflict_skip',
  'conflict_update',
] as const;

export type ChangeKind = (typeof CHANGE_KINDS)[number];

export const ledgerEntrySchema = z.object({
  table: z.string().describe('table of the source'),
  column: z
    .string()
    .nullable()
    .describe('column of the source; null where a whole row was left out by `where`'),
  change: z
    .enum(CHANGE_KINDS)
    .describe(
      'the conversion or policy of the mapping; skip_row and where leave the row out; conflict_skip and conflict_update: what --on-conflict makes of a row whose key is in the target already',
    ),
  total: z.number().int().describe('exact number of values or rows'),
  examples: z.array(exampleSchema).describe(`the first ${MAX_EXAMPLES}`),
});

export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/**
 * Counts what a mapping changed on purpose, so that a later comparison can tell it from damage.
 * Memory does not grow with the number of changes.
 */
export class Ledger {
  readonly #entries = new Map<string, LedgerEntry>();

  /** Counts one change; `example` is kept while there is room. */
  add(
    table: string,
    column: string | null,
    change: ChangeKind,
    example: LedgerEntry['examples'][number],
  ): void {
    const key = JSON.stringify([table, column, change]);
    const entry = this.#entries.get(key) ?? { table, column, change, total: 0, examples: [] };
    this.#entries.set(key, entry);
    entry.total += 1;
    if (entry.examples.length < MAX_EXAMPLES) entry.examples.push(example);
  }

  /** All entries, in the order in which they were first met. */
  list(): LedgerEntry[] {
    return [...this.#entries.values()];
  }

  /** How many rows of a table the mapping leaves out. */
  rowsLeftOut(table: string): number {
    return this.total(table, ['skip_row', 'where']);
  }

  /** How many values or rows of a table were changed in one of these ways. */
  total(table: string, changes: readonly ChangeKind[]): number {
    return this.list()
      .filter((entry) => entry.table === table && changes.includes(entry.change))
      .reduce((sum, entry) => sum + entry.total, 0);
  }
}
