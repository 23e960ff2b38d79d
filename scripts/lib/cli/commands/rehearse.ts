import { rehearse } from '../../commands/rehearse.ts';
import type { RehearseReport } from '../../model/reports/rehearse.ts';
import { CONNECTION_FILE } from '../../rehearsal/kept-server.ts';
import { resolveSource } from '../environment.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { mappingFlag, optionalText, switchFlag, valueFlag, wholeNumber } from '../flags.ts';
import { formatColumns, formatDuration } from '../format.ts';
import type { Script } from '../run.ts';

const flags = {
  source: valueFlag(
    'FILE',
    'a SQLite database of your own',
    optionalText,
    'the sample, built anew',
  ),
  prismaSchema: valueFlag(
    'PATH',
    'your Prisma schema for PostgreSQL, with its migrations folder beside it',
    optionalText,
    'one is drafted for --source; else prisma/schema.prisma, of the sample',
  ),
  mapping: mappingFlag,
  rows: valueFlag('N', "rows for the sample's large tables", wholeNumber(0, 0), '0'),
  keep: switchFlag('leave the server running, to look at the result'),
  stop: switchFlag('stop the server that --keep left running, remove its data, do nothing else'),
} as const;

/** `npm run rehearse` */
export const rehearseScript: Script<typeof flags, RehearseReport> = {
  commandLine: {
    name: 'rehearse',
    summary:
      "Runs the whole move for trial: an embedded PostgreSQL, Prisma's migrations, then analyze, export, verify and import, and a comparison of every value; each as you would type it.",
    flags,
    examples: [
      'npm run rehearse',
      'npm run rehearse -- --rows 100000 --keep',
      'npm run rehearse -- --source my.db',
      'npm run rehearse -- --source my.db --prisma-schema path/to/schema.prisma',
      'npm run rehearse -- --source exports/hyperpage.db --prisma-schema examples/hyperpage/schema.prisma --mapping examples/hyperpage/mapping.json',
      'npm run rehearse -- --stop',
    ],
  },
  run: ({ flags: given }, context, env) =>
    rehearse(
      {
        ...given,
        source: given.source === undefined ? undefined : resolveSource(given.source, env),
      },
      context,
    ),
  exitCode: ({ steps }) => toExitCode(steps.find((step) => step.exitCode !== 0)?.exitCode ?? 0),
  summarize,
  whenInterrupted: 'the embedded server is stopped; an artifact that was finished stays',
};

function toExitCode(code: number): ExitCode {
  return code in EXIT_CODES ? (code as ExitCode) : 12;
}

function summarize(report: RehearseReport): string[] {
  if (report.server === null && report.steps.length === 0) return ['the server is stopped'];
  const steps = report.steps.map((step) => [
    `  exit ${step.exitCode}`,
    formatDuration(step.elapsedMs),
    step.command,
  ]);
  const failed = report.steps.find((step) => step.exitCode !== 0);
  return [
    '',
    failed === undefined
      ? `the rehearsal went through, in ${formatDuration(report.elapsedMs)}`
      : `the rehearsal stopped at: ${failed.command}`,
    ...formatColumns(steps, new Set([1])),
    ...(report.artifact === null ? [] : [`artifact: ${report.artifact}`]),
    ...serverLines(report.server),
  ];
}

function serverLines(server: RehearseReport['server']): string[] {
  if (server === null) return [];
  if (!server.isKept) {
    return [
      `the server at ${server.label} is stopped and its data removed; --keep leaves it running`,
    ];
  }
  return [
    `the server is left running: ${server.label}; its URL is in ${CONNECTION_FILE} (for your eyes only)`,
    `  reach it: set -a; . ${CONNECTION_FILE}; set +a; psql "$DATABASE_URL"`,
    '  stop it:  npm run rehearse -- --stop',
  ];
}
