import { columnId, type DraftSource } from './input.ts';
import { chosen, typeChoices, type TypeChoice } from './choices.ts';
import { draftColumns, expressionColumns, type ColumnWork } from './columns.ts';
import { gatherDecisions, type Decisions } from './decisions.ts';
import { draftEnums } from './enums.ts';
import { draftKeys } from './keys.ts';
import type { DraftedEnum, DraftedSchema, DraftedTable } from './model.ts';
import { proposeFor } from './proposals.ts';
import {
  draftForeignKeys,
  draftRelations,
  isImplicitJoin,
  isJoinTable,
  type BrokenKeys,
} from './relations.ts';
import { draftStatements } from './statements.ts';
import { draftNames, type DraftNames } from './table-names.ts';

/** What has been settled so far: types that are tried, keys that rows would break. */
export interface DraftState {
  readonly choices: readonly TypeChoice[];
  /** Unique keys, by `columnId` of their columns. */
  readonly brokenKeys: ReadonlyMap<string, string>;
  readonly brokenReferences: BrokenKeys;
}

/** The state to begin with: the first candidate of every column, and every key. */
export function initialState(source: DraftSource): DraftState {
  const decisions = gatherDecisions();
  const names = draftNames(source, decisions);
  const enums = draftEnums(source, names.takeModel, names.used);
  return {
    choices: typeChoices(source, enums),
    brokenKeys: new Map(),
    brokenReferences: new Map(),
  };
}

/** Drafts the whole schema in this state. */
export function assembleDraft(source: DraftSource, state: DraftState): DraftedSchema {
  const decisions = gatherDecisions();
  const names = draftNames(source, decisions);
  const enums = draftEnums(source, names.takeModel, names.used);
  const work: Work = { source, state, names, enums, decisions, choices: choicesByColumn(state) };
  const keyed = source.tables.map((table) => draftTable(work, table.name));
  const byName = new Map(keyed.map((table) => [table.source.name, table]));
  const tables = keyed.map((table) => ({
    ...table,
    foreignKeys: draftForeignKeys(source, table, byName, {
      used: names.used,
      broken: state.brokenReferences,
      decisions,
    }),
  }));
  reportTypes(state, decisions);
  for (const table of tables) {
    reportTable(table, decisions);
    proposeFor(table, source, decisions);
  }
  reportLeftOut(source, decisions);
  return {
    tables,
    relations: draftRelations(tables, names),
    enums: [...enums.values()].filter(({ name }) =>
      tables.some(({ columns }) => columns.some(({ type }) => type.scalar === name)),
    ),
    statements: tables.flatMap((table) =>
      draftStatements({
        source,
        table,
        expressions: expressionColumns(columnWork(work, table.source.name)),
        enums,
        used: names.used,
        decisions,
      }),
    ),
    skipped: source.skipped,
    decisions: decisions.list(),
  };
}

interface Work {
  readonly source: DraftSource;
  readonly state: DraftState;
  readonly names: DraftNames;
  readonly enums: ReadonlyMap<string, DraftedEnum>;
  readonly choices: ReadonlyMap<string, TypeChoice>;
  readonly decisions: Decisions;
}

function choicesByColumn({ choices }: DraftState): Map<string, TypeChoice> {
  return new Map(
    choices.flatMap((choice) =>
      choice.group.members.map(({ table, column }) => [columnId(table.name, column.name), choice]),
    ),
  );
}

function columnWork(work: Work, name: string): ColumnWork {
  const { source, names, choices, enums, decisions } = work;
  const table = source.tables.find((candidate) => candidate.name === name);
  const own = names.tables.get(name);
  if (table === undefined || own === undefined) throw new Error(`no table ${name} is drafted`);
  return { source, table, names: own.columns, choices, enums, decisions };
}

function draftTable(work: Work, name: string): DraftedTable {
  const { source, state, names, decisions } = work;
  const columnsOf = columnWork(work, name);
  const own = names.tables.get(name);
  const columns = draftColumns(columnsOf);
  const databaseName = own?.database ?? name;
  const keys = draftKeys({
    source,
    table: columnsOf.table,
    databaseName,
    columns,
    used: names.used,
    broken: state.brokenKeys,
    decisions,
  });
  const isRequired = (column: string): boolean =>
    columns.some(({ source: own2, isOptional }) => own2.name === column && !isOptional);
  const isIdentified =
    keys.primaryKey !== null || keys.uniqueKeys.some((key) => key.columns.every(isRequired));
  return {
    source: columnsOf.table,
    model: own?.model ?? name,
    databaseName,
    columns,
    ...keys,
    foreignKeys: [],
    isIgnored: !isIdentified,
  };
}

/** What each type was taken for, and why better ones were not. */
function reportTypes({ choices }: DraftState, decisions: Decisions): void {
  for (const choice of choices) {
    const { note } = chosen(choice);
    const { leader, members } = choice.group;
    const columns = members.map(({ table, column }) => `${table.name}.${column.name}`);
    const together = columns.length > 1 ? ` (one type for ${columns.join(', ')})` : '';
    if (note !== null) {
      decisions.add(note.kind, leader.table.name, [leader.column.name], {
        text: note.text + together,
      });
    }
    for (const { table, column, message, total, rowKeys } of choice.refusals) {
      decisions.add('kept-differently', table, [column], {
        text: `a narrower type was given up, counted once for each value (${total.toLocaleString('en-US')}): ${message}`,
        rowKeys,
      });
    }
  }
}

function reportTable(table: DraftedTable, decisions: Decisions): void {
  const { source, isIgnored, primaryKey } = table;
  if (isIgnored) {
    decisions.add('not-kept', source.name, [], {
      text: "no key tells its rows apart: the model has @@ignore, the rows are carried, and Prisma's client does not see them until the table gets a key",
    });
  } else if (primaryKey === null) {
    decisions.add('kept-differently', source.name, [], {
      text: 'it has no primary key: a unique key over required columns stands in for it',
    });
  }
  if (isJoinTable(table)) {
    const parents = table.foreignKeys.map((key) => key.source.parentTable).join(' and ');
    decisions.add('proposal', source.name, [], {
      text: isImplicitJoin(table)
        ? `Prisma's own table of an implicit many-to-many relation of ${parents}: kept as a model, so that the names stay; a list on either side would bring the implicit relation back`
        : `joins ${parents} and holds nothing else: kept as a model; an implicit many-to-many relation of Prisma would need another name and the columns A and B`,
    });
  }
}

/** What the draft has no place for. */
function reportLeftOut(source: DraftSource, decisions: Decisions): void {
  for (const [table, reason] of source.skipped) {
    decisions.add('left-out', table, [], { text: reason });
  }
  for (const { name, kind, reason } of source.catalog.notCarried) {
    if (kind === 'view' || kind === 'trigger' || kind === 'shadow-table') continue;
    decisions.add('left-out', name, [], { text: `${kind.replaceAll('-', ' ')}: ${reason}` });
  }
  for (const { type, name, sql } of source.objects.programs) {
    decisions.add('left-out', name, [], {
      text: `a ${type}: to be written in PostgreSQL's language by hand, if it is needed there`,
      sql,
    });
  }
}
