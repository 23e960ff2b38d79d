import type { FindingHead } from '../model/findings.ts';

/** What a restore could not make, or made with less than there was; each example names one object. */
export const RESTORE_FINDINGS = {
  tableNotRestored: {
    code: 'table-not-restored',
    severity: 'blocking',
    kind: 'structure',
    message: 'this SQLite cannot make tables of the artifact',
    where: {},
    hint: 'what is missing is known to the application alone: run schema.sql with it, and load the data files there',
  },
  objectNotRestored: {
    code: 'object-not-restored',
    severity: 'warning',
    kind: 'structure',
    message: 'the restored database lacks objects that this SQLite cannot make',
    where: {},
    hint: 'run their statements from schema.sql with the application, which has what is missing here',
  },
  moduleMissing: {
    code: 'module-missing',
    severity: 'warning',
    kind: 'structure',
    message:
      'virtual tables are declared as they were, and this SQLite does not have their modules',
    where: {},
    hint: 'open the database with the application; of their rows the artifact holds what the modules keep in ordinary tables',
  },
  virtualTableEmpty: {
    code: 'virtual-table-empty',
    severity: 'warning',
    kind: 'data',
    message: 'virtual tables are made without rows: the artifact does not have them',
    where: {},
    hint: 'fill them with the application',
  },
  tableLeftOut: {
    code: 'table-left-out',
    severity: 'warning',
    kind: 'data',
    message: 'tables are made without rows: the export left them out',
    where: {},
  },
  rulesBroken: {
    code: 'rules-broken',
    severity: 'warning',
    kind: 'data',
    message: 'rows break rules of their own tables, and are restored as they were',
    where: {},
    hint: 'mend them in the restored database: SQLite checks only rows that are written anew',
  },
} as const satisfies Readonly<Record<string, FindingHead>>;
