import type { DecisionKind } from '../../model/decision-kinds.ts';
import type { Decision, DraftedSchema } from '../model.ts';

/** The headings of DRAFT.md in their order, each with what its entries ask of a person. */
const SECTIONS: readonly (readonly [DecisionKind, heading: string, words: string])[] = [
  [
    'guess',
    'Guesses',
    'Names and values say so, and the declared type does not. Change what is wrong in schema.prisma, and in mapping.json where it converts.',
  ],
  [
    'kept-differently',
    'Otherwise than in SQLite',
    'All rows go in, but not as the source declares it.',
  ],
  [
    'not-kept',
    'Not in the draft',
    'The rows go in without it. What the application relies on is to be written by hand, into a migration of its own.',
  ],
  ['left-out', 'Left out', 'Nothing of it is in PostgreSQL.'],
  ['name', 'Names', 'Called otherwise in PostgreSQL; mapping.json says so too.'],
  ['proposal', 'Proposals', 'Not taken: the draft goes without.'],
];

/** DRAFT.md: what a person should look at, with the evidence. */
export function printReport(schema: DraftedSchema, sourceName: string): string {
  const { tables, enums, relations, statements, decisions } = schema;
  const counts = [
    `${tables.length} models`,
    `${enums.length} enums`,
    `${relations.length / 2} relations`,
    `${statements.length} statements of SQL that Prisma's language cannot say`,
  ];
  return [
    `# The draft of ${escaped(sourceName)}`,
    '',
    `${counts.join(', ')}. Every row of the source was held against it: all of them fit.`,
    '',
    ...SECTIONS.flatMap(([kind, heading, words]) =>
      section(
        heading,
        words,
        decisions.filter((decision) => decision.kind === kind),
      ),
    ),
    ...modelSection(schema),
    ...statementSection(statements),
  ].join('\n');
}

function section(heading: string, words: string, decisions: readonly Decision[]): string[] {
  if (decisions.length === 0) return [];
  return [`## ${heading}`, '', words, '', ...decisions.flatMap(entry), ''];
}

function entry({ table, columns, text, sql, rowKeys = [] }: Decision): string[] {
  const place = columns.length === 0 ? table : `${table}.${columns.join(', ')}`;
  const rows = rowKeys.length === 0 ? '' : ` (rows ${rowKeys.map(code).join(', ')})`;
  return [
    `- **${escaped(place)}**: ${escaped(text)}${rows}`,
    ...(sql === undefined || sql === '' ? [] : ['', ...fenced(sql, '  '), '']),
  ];
}

function modelSection({ tables }: DraftedSchema): string[] {
  const rows = tables.map(({ source, model, databaseName, columns, isIgnored }) => {
    const cells = [
      source.name,
      model + (isIgnored ? ' (ignored)' : ''),
      databaseName,
      String(columns.length),
    ];
    return `| ${cells.map((cell) => escaped(cell).replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  });
  return [
    '## Models',
    '',
    '| table of the source | model | table of PostgreSQL | columns |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ];
}

function statementSection(statements: readonly string[]): string[] {
  if (statements.length === 0) return [];
  return [
    "## SQL beside Prisma's own",
    '',
    "`--migration` puts these at the end of the first migration; without it, they go into one of your own. Prisma's language cannot say them, and its later migrations leave them alone.",
    '',
    ...fenced(statements.join('\n'), '', 'sql'),
    '',
  ];
}

/** A block of code that its content cannot end. */
function fenced(text: string, indent: string, language = 'sql'): string[] {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return [fence + language, ...text.split('\n'), fence].map((line) => indent + line);
}

function code(text: string): string {
  return text.includes('`') ? text : `\`${text}\``;
}

/** On one line, and without marks that Markdown or HTML would take for its own. */
function escaped(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('<', '&lt;')
    .replaceAll(/([*_[\]\\])/g, String.raw`\$1`);
}
