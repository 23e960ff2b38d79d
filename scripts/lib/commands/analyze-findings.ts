import type { FindingCollector } from '../model/findings.ts';
import type { Integrity } from '../source/integrity.ts';
import type { IntrospectedSource } from '../source/introspect.ts';

/** Reports what SQLite's own checks said. */
export function reportIntegrity(integrity: Integrity, findings: FindingCollector): void {
  for (const message of integrity.messages) {
    findings.add(
      {
        code: 'integrity',
        severity: 'blocking',
        kind: 'data',
        message: 'SQLite finds the file damaged (integrity_check)',
        where: {},
        hint: 'mend a copy first (`sqlite3 COPY "REINDEX"` for indexes, `.recover` for pages) or take a backup',
      },
      { detail: message },
    );
  }
  for (const orphans of integrity.orphans) {
    const constraint = `(${orphans.columns.join(', ')}) → ${orphans.parentTable}`;
    findings.addCounted(
      {
        code: 'orphan',
        severity: 'blocking',
        kind: 'data',
        message: 'rows refer to a parent row that does not exist (foreign_key_check)',
        where: { table: orphans.table, column: orphans.columns.join(', '), constraint },
        hint: 'add the missing parents or mend the rows in the source before the export',
      },
      orphans.total,
      orphans.examples,
    );
  }
  for (const { table, message } of integrity.unresolvable) {
    findings.add({
      code: 'foreign-key-not-checked',
      severity: 'warning',
      kind: 'structure',
      message: `SQLite cannot check the foreign keys of the table: ${message}`,
      where: { table },
      hint: 'the parent needs a primary key or a unique index over exactly the columns referred to',
    });
  }
}

/** Reports what the structure of the database asks of the move. */
export function reportStructure(catalog: IntrospectedSource, findings: FindingCollector): void {
  const warning = { severity: 'warning', kind: 'structure' } as const;
  for (const table of catalog.tables) {
    if (table.primaryKey.length > 0) continue;
    findings.add({
      ...warning,
      code: 'no-primary-key',
      message:
        'the table has no primary key: rows are named by line only, and Prisma needs a unique key',
      where: { table: table.name },
    });
  }
  for (const object of catalog.notCarried) {
    if (object.kind !== 'virtual-table') continue;
    findings.add({
      ...warning,
      code: 'virtual-table',
      message: `a virtual table is not carried: ${object.reason}`,
      where: { table: object.name },
      hint: 'make its content anew on the target (for full-text search: a tsvector column and an index)',
    });
  }
}
