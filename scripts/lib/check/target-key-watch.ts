import type pg from 'pg';

import type { LostReference, LostReferences } from '../mapping/references.ts';
import type { ConvertedRow } from '../mapping/row.ts';
import { MAX_EXAMPLES, type FindingCollector, type FindingHead } from '../model/findings.ts';
import type { ManifestForeignKey } from '../artifact/manifest.ts';
import type { Row } from '../model/values.ts';
import type { RowPlace } from './judge.ts';
import type { KeyColumn } from './key-columns.ts';
import { pick, type ParentKeySet } from './key-set.ts';
import { storedKey, type MetKeys } from './met-keys.ts';
import type { DescribeKey, KeyedRow, TargetReference } from './target-references.ts';

/** A key whose values are remembered: it is unique in the target, or referred to, or both. */
export interface WatchedKey {
  readonly columns: readonly KeyColumn[];
  readonly met: MetKeys;
  /** What to report when a key comes again; null where only the references to it matter. */
  unique: UniqueRule | null;
}

export interface UniqueRule {
  readonly head: FindingHead;
  readonly nullsDistinct: boolean;
  readonly describe: DescribeKey;
}

interface WatchedReference {
  readonly columns: readonly KeyColumn[];
  readonly reference: TargetReference;
  /** The foreign key of the source whose parent may be left out by the mapping. */
  readonly counterpart: ManifestForeignKey | null;
}

/** What is to be watched of one table. */
export interface TableKeys {
  readonly keys: WatchedKey[];
  readonly references: WatchedReference[];
  /** Keys as the source has them, of every row. */
  readonly sourceKeys: { readonly keys: ParentKeySet; readonly indexes: readonly number[] }[];
}

type QueuedRow = KeyedRow & { readonly lost: readonly LostReference[] };

/** Watches the keys of one table pass. */
export class TargetKeyWatch {
  readonly #table: TableKeys;
  readonly #lostReferences: LostReferences;
  readonly #client: pg.Client | null;
  readonly #findings: FindingCollector;
  /** SQL that PostgreSQL is asked for the form of a column, by the column's place. */
  readonly #questions: ReadonlyMap<number, string>;
  readonly #shown = new Map<UniqueRule, number>();
  #queue: QueuedRow[] = [];

  constructor(
    table: TableKeys,
    lostReferences: LostReferences,
    {
      client,
      findings,
    }: { readonly client: pg.Client | null; readonly findings: FindingCollector },
  ) {
    this.#table = table;
    this.#lostReferences = lostReferences;
    this.#client = client;
    this.#findings = findings;
    const columns = [...table.keys, ...table.references].flatMap((key) => key.columns);
    this.#questions = new Map(
      columns.flatMap(({ index, form }) =>
        form.askSql === null ? [] : [[index, form.askSql] as const],
      ),
    );
  }

  /** @param values null for a row that the mapping leaves out */
  look(row: Row, values: ConvertedRow | null, place: RowPlace): void {
    for (const { keys, indexes } of this.#table.sourceKeys) keys.add(pick(row, indexes));
    if (values === null) return;
    // Only now is known which of its parents are reported as left out.
    const needsLost = this.#table.references.some(({ counterpart }) => counterpart !== null);
    const queued = { row, values, place, lost: needsLost ? this.#lostReferences(row) : [] };
    if (this.#questions.size === 0) this.#judge(queued, values);
    else this.#queue.push(queued);
  }

  /** Judges the rows whose keys PostgreSQL has to be asked about. */
  async settle(): Promise<void> {
    const queue = this.#queue;
    if (queue.length === 0) return;
    this.#queue = [];
    const answers = new Map<number, readonly (string | null)[]>();
    for (const [index, sql] of this.#questions) {
      const texts = queue.map(({ values }) => values[index] ?? null);
      if (this.#client === null) throw new Error('there is no server to ask');
      const { rows } = await this.#client.query<{ form: string | null }>(
        `SELECT ${sql} AS form FROM unnest($1::text[]) WITH ORDINALITY AS u (v, i) ORDER BY i`,
        [texts],
      );
      answers.set(
        index,
        rows.map(({ form }) => form),
      );
    }
    for (const [at, queued] of queue.entries()) {
      const values = queued.values.map((value, index) =>
        value === undefined ? undefined : (answers.get(index)?.[at] ?? value),
      );
      this.#judge(queued, values);
    }
  }

  /** @param answered the row's values, with PostgreSQL's answers in place */
  #judge(queued: QueuedRow, answered: ConvertedRow): void {
    for (const key of this.#table.keys) {
      const forms = formsOf(key.columns, answered);
      if (forms !== null) this.#meet(key, forms, queued);
    }
    for (const { columns, reference, counterpart } of this.#table.references) {
      const isReported = counterpart !== null && isAmong(queued.lost, counterpart);
      const forms = isReported ? null : formsOf(columns, answered);
      if (forms !== null) reference.look(forms, queued);
    }
  }

  #meet({ met, unique }: WatchedKey, forms: readonly (string | null)[], queued: KeyedRow): void {
    const ignoresNulls = unique === null || unique.nullsDistinct;
    if (ignoresNulls && forms.includes(null)) return;
    const key = storedKey(forms);
    if (met.add(key, queued.place) || unique === null) return;
    const shown = this.#shown.get(unique) ?? 0;
    this.#shown.set(unique, shown + 1);
    if (shown >= MAX_EXAMPLES) {
      this.#findings.add(unique.head);
      return;
    }
    const { row, values, place } = queued;
    const detail = `${unique.describe(row, values)} as in ${describePlace(met.placeOf(key))}`;
    this.#findings.add(unique.head, { ...place, detail });
  }
}

/** Whether a foreign key of the source is among the references whose parent is not loaded. */
function isAmong(
  lost: readonly LostReference[],
  { columns, parentTable }: Pick<ManifestForeignKey, 'columns' | 'parentTable'>,
): boolean {
  return lost.some(
    (reference) =>
      reference.parentTable === parentTable &&
      reference.columns.length === columns.length &&
      reference.columns.every((name, index) => name === columns[index]),
  );
}

/** The forms of a key's values; null when one of them does not fit, which is reported already. */
function formsOf(
  columns: readonly KeyColumn[],
  values: ConvertedRow,
): readonly (string | null)[] | null {
  const forms: (string | null)[] = [];
  for (const { index, form } of columns) {
    const value = values[index];
    if (value === undefined) return null;
    forms.push(value === null ? null : form.of(value));
  }
  return forms;
}

function describePlace({ rowKey, line }: RowPlace): string {
  const parts = [
    ...(rowKey === undefined ? [] : [rowKey]),
    ...(line === undefined ? [] : [`line ${line}`]),
  ];
  return parts.length === 0 ? 'a row before it' : parts.join(', ');
}
