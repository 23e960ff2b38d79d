import type Database from 'better-sqlite3';

import { foldedName } from '../../mapping/match-names.ts';
import type { OutwardReference } from '../../mapping/resolved-mapping.ts';
import type { FindingCollector, FindingHead } from '../../model/findings.ts';
import { describeKey, rowKeyDescriber } from '../../model/row-key.ts';
import type { Row } from '../../model/values.ts';
import { openKeyDatabase, columnIndexes, pick } from '../key-set.ts';
import { MetKeys, storedKey } from '../met-keys.ts';
import { TargetReference } from '../target-references.ts';
import {
  ownKey,
  sourceKeyReader,
  targetKeyReader,
  targetName,
  type OutgoingTable,
} from './key-reader.ts';

/** One of several artifacts that fill one target. */
export interface Part {
  /** As the user gave it. */
  readonly path: string;
  readonly tables: readonly OutgoingTable[];
}

/** A reference of one artifact to rows that another one brings. */
export interface ReferenceAcross {
  readonly artifact: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly parentTable: string;
  readonly key: readonly string[];
  /** The artifacts that bring rows of the parent table; none: only the target can say. */
  readonly broughtBy: readonly string[];
}

type RowLook = (row: Row, line: number) => void;

interface Parents {
  readonly table: string;
  readonly key: readonly string[];
  readonly met: MetKeys;
}

interface Watched {
  readonly looks: RowLook[];
}

/**
 * Holds several artifacts against each other, offline: each reference that a mapping names against the
 * rows that the others bring, and the keys of tables that more than one of them fills. Keys compare as
 * text, after the mapping's conversions; the target's own types and rows are not known here.
 */
export class ReferencesAcross {
  readonly references: readonly ReferenceAcross[];
  readonly #parts: readonly Part[];
  readonly #findings: FindingCollector;
  readonly #db: Database.Database = openKeyDatabase();
  readonly #parents: Parents[] = [];
  readonly #children: TargetReference[] = [];
  readonly #watched = new Map<OutgoingTable, Watched>();
  #lastId = 0;

  constructor(parts: readonly Part[], findings: FindingCollector) {
    this.#parts = parts;
    this.#findings = findings;
    for (const part of parts) {
      for (const outgoing of part.tables) this.#watched.set(outgoing, { looks: [] });
    }
    this.references = parts.flatMap((part) =>
      part.tables.flatMap((outgoing) =>
        outgoing.mapping.references.map((reference) => this.#refer(part, outgoing, reference)),
      ),
    );
    this.#watchSharedTables();
  }

  /** To be told of each row that would be loaded. */
  look(outgoing: OutgoingTable, row: Row, line: number): void {
    for (const look of this.#watched.get(outgoing)?.looks ?? []) look(row, line);
  }

  /** Reports what has no parent, once all rows of all artifacts have passed. */
  finish(): void {
    for (const child of this.#children) child.finish();
  }

  close(): void {
    this.#db.close();
  }

  #refer(part: Part, outgoing: OutgoingTable, reference: OutwardReference): ReferenceAcross {
    const { table } = outgoing;
    const { columns, key, table: parentTable } = reference;
    const broughtBy = this.#bringersOf(parentTable).map(({ path }) => path);
    const described = { artifact: part.path, table: table.name, columns, parentTable, key };
    if (broughtBy.length === 0) {
      this.#findings.add(notBroughtHead(part, outgoing, reference));
      return { ...described, broughtBy };
    }
    const child = new TargetReference({
      db: this.#db,
      id: this.#nextId(),
      head: orphanHead(part, outgoing, reference),
      findings: this.#findings,
      match: 'simple',
      parents: this.#parentsOf(parentTable, key).met,
      inSource: null,
      describe: (row) => describeKey(columns, pick(row, columnIndexes(table, columns))),
    });
    this.#children.push(child);
    const read = sourceKeyReader(outgoing, columns);
    const rowKey = rowKeyOf(outgoing);
    this.#watch(outgoing, (row, line) => {
      child.look(read(row), { row, values: [], place: { line, ...rowKey(row) } });
    });
    return { ...described, broughtBy };
  }

  #bringersOf(parentTable: string): readonly Part[] {
    return this.#parts.filter(({ tables }) => tables.some((table) => isInto(table, parentTable)));
  }

  /** The keys of a target's table, whoever brings its rows. */
  #parentsOf(table: string, key: readonly string[]): Parents {
    const known = this.#parents.find(
      (parents) => isSameName(parents.table, table) && isSameList(parents.key, key),
    );
    if (known !== undefined) return known;
    const parents = { table, key, met: new MetKeys(this.#db, this.#nextId()) };
    this.#parents.push(parents);
    for (const outgoing of this.#outgoingInto(table)) {
      const read = targetKeyReader(outgoing, key);
      if (read === null) continue;
      this.#watch(outgoing, (row, line) => {
        const texts = read(row);
        if (!texts.includes(null)) parents.met.add(storedKey(texts), { line });
      });
    }
    return parents;
  }

  /** Rows of two artifacts that have the same key: the second import will be refused, or asked what to do. */
  #watchSharedTables(): void {
    const seen: string[] = [];
    for (const first of this.#watched.keys()) {
      const name = targetName(first);
      if (seen.some((other) => isSameName(other, name))) continue;
      seen.push(name);
      const sharing = this.#parts.filter(({ tables }) =>
        tables.some((table) => isInto(table, name)),
      );
      const key = ownKey(first);
      if (sharing.length < 2 || key.length === 0) continue;
      const met = new MetKeys(this.#db, this.#nextId());
      for (const part of sharing) this.#watchShared(part, name, key, met);
    }
  }

  #watchShared(part: Part, name: string, key: readonly string[], met: MetKeys): void {
    for (const outgoing of part.tables.filter((table) => isInto(table, name))) {
      const read = targetKeyReader(outgoing, key);
      if (read === null) continue;
      const head = sharedHead(part, outgoing, name, key);
      const rowKey = rowKeyOf(outgoing);
      this.#watch(outgoing, (row, line) => {
        const texts = read(row);
        const stored = storedKey(texts);
        if (met.add(stored, { line, rowKey: part.path })) return;
        const { rowKey: artifact, line: other } = met.placeOf(stored);
        // A key that stands twice in one artifact is reported as that.
        if (artifact === part.path) return;
        const detail = `as in ${artifact ?? 'another artifact'}, line ${other ?? '?'}`;
        this.#findings.add(head, { ...rowKey(row), line, detail });
      });
    }
  }

  #outgoingInto(table: string): OutgoingTable[] {
    return [...this.#watched.keys()].filter((outgoing) => isInto(outgoing, table));
  }

  #watch(outgoing: OutgoingTable, look: RowLook): void {
    this.#watched.get(outgoing)?.looks.push(look);
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

function isInto(outgoing: OutgoingTable, table: string): boolean {
  return isSameName(targetName(outgoing), table);
}

function isSameName(a: string, b: string): boolean {
  return a === b || foldedName(a) === foldedName(b);
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}

function rowKeyOf({ table }: OutgoingTable): (row: Row) => { rowKey?: string } {
  const describe = rowKeyDescriber(
    table.columns.map(({ name }) => name),
    table.primaryKey,
  );
  return (row) => {
    const rowKey = describe(row);
    return rowKey === undefined ? {} : { rowKey };
  };
}

function placeOf(
  { path }: Part,
  { table }: OutgoingTable,
  columns: readonly string[],
): FindingHead['where'] {
  return { table: table.name, column: columns.join(', '), file: `${path}/${table.file}` };
}

function describeReference({ columns, table, key }: OutwardReference): string {
  return `(${columns.join(', ')}) → ${table} (${key.join(', ')})`;
}

function orphanHead(part: Part, outgoing: OutgoingTable, reference: OutwardReference): FindingHead {
  return {
    code: 'orphan',
    severity: 'blocking',
    kind: 'data',
    message: 'rows refer to a parent row that none of these artifacts brings',
    where: {
      ...placeOf(part, outgoing, reference.columns),
      constraint: describeReference(reference),
    },
    hint: 'add the artifact that brings the parents, or mend the rows in the source; what the target holds already is for import to say',
  };
}

function notBroughtHead(
  part: Part,
  outgoing: OutgoingTable,
  reference: OutwardReference,
): FindingHead {
  return {
    code: 'foreign-key-not-checked',
    severity: 'warning',
    kind: 'structure',
    message: `none of these artifacts brings rows of ${reference.table}, so the references to it are not checked`,
    where: {
      ...placeOf(part, outgoing, reference.columns),
      constraint: describeReference(reference),
    },
    hint: 'name the artifact that brings them too; import checks the references against the target',
  };
}

function sharedHead(
  part: Part,
  outgoing: OutgoingTable,
  name: string,
  key: readonly string[],
): FindingHead {
  return {
    code: 'key-in-several-artifacts',
    severity: 'warning',
    kind: 'data',
    message: `rows of ${name} have a key that a row of another artifact has`,
    where: placeOf(part, outgoing, key),
    hint: 'say with import --on-conflict skip or update what becomes of them, or tell the sources apart with "set" in their mappings; otherwise the later import is refused',
  };
}
