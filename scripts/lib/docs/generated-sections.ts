import type * as z from 'zod';

import { helpText, type CommandLine } from '../cli/command-line.ts';
import { analyzeScript } from '../cli/commands/analyze.ts';
import { benchScript } from '../cli/commands/bench.ts';
import { buildSampleScript } from '../cli/commands/build-sample.ts';
import { exportScript } from '../cli/commands/export.ts';
import { importScript } from '../cli/commands/import.ts';
import { rehearseScript } from '../cli/commands/rehearse.ts';
import { serveScript } from '../cli/commands/serve.ts';
import { verifyScript } from '../cli/commands/verify.ts';
import { EXIT_CODES } from '../cli/exit-codes.ts';
import type { FlagSet } from '../cli/flags.ts';
import { EVENT_SCHEMAS } from '../model/progress-events.ts';
import { analyzeReportSchema } from '../model/reports/analyze.ts';
import { benchReportSchema } from '../model/reports/bench.ts';
import { errorSchema } from '../model/reports/parts.ts';
import { exportReportSchema } from '../model/reports/export.ts';
import { importReportSchema, importStatusReportSchema } from '../model/reports/import.ts';
import { rehearseReportSchema } from '../model/reports/rehearse.ts';
import { sampleReportSchema } from '../model/reports/sample.ts';
import { serveReportSchema } from '../model/reports/serve.ts';
import {
  verifyReportSchema,
  verifySummaryReportSchema,
  verifyTogetherReportSchema,
} from '../model/reports/verify.ts';
import { METRICS, METRIC_PREFIX } from '../events/metrics.ts';
import { conversionTable, policyTable } from './mapping-tables.ts';
import { markdownTable } from './markdown-table.ts';
import { schemaFields, type SchemaField } from './schema-fields.ts';
import { configTable, notOfferedTable, routeTable } from './serve-tables.ts';
import { TYPE_FAMILIES } from './type-table.ts';

/** The command line of every script. */
export const COMMAND_LINES: readonly CommandLine<FlagSet>[] = [
  analyzeScript.commandLine,
  exportScript.commandLine,
  verifyScript.commandLine,
  importScript.commandLine,
  rehearseScript.commandLine,
  serveScript.commandLine,
  buildSampleScript.commandLine,
  benchScript.commandLine,
];

const REPORTS: Readonly<Record<string, z.ZodObject>> = {
  analyze: analyzeReportSchema,
  export: exportReportSchema,
  verify: verifyReportSchema,
  'verify-together': verifyTogetherReportSchema,
  'verify-summary': verifySummaryReportSchema,
  import: importReportSchema,
  'import-status': importStatusReportSchema,
  rehearse: rehearseReportSchema,
  serve: serveReportSchema,
  'build-sample': sampleReportSchema,
  bench: benchReportSchema,
};

/**
 * The parts of the documents that are made from the code, by the name that stands in their marker:
 * `flags-<script>`, `exit-codes`, `serve-routes`, `serve-config`, `serve-not-offered`, `types`, `conversions`, `policies`, `report-common`,
 * `report-<script>`, `report-import-status`, `error`, `event-common`, `event-<type>`, `metrics`.
 */
export function generatedSections(): Map<string, string> {
  const reports = Object.entries(REPORTS).map(
    ([name, schema]) => [name, schemaFields(schema)] as const,
  );
  const common = commonPaths(reports.map(([, fields]) => fields));
  const all = reports[0]?.[1] ?? [];
  return new Map([
    ['exit-codes', exitCodeTable()],
    ['serve-routes', routeTable()],
    ['serve-config', configTable()],
    ['serve-not-offered', notOfferedTable()],
    ['types', typeTable()],
    ['conversions', conversionTable()],
    ['policies', policyTable()],
    ['report-common', fieldTable(all.filter(({ path }) => common.has(path)))],
    ['error', fieldTable(schemaFields(errorSchema))],
    ['metrics', metricTable()],
    ...eventSections(),
    ...COMMAND_LINES.map(flagsSection),
    ...reports.map(([name, fields]): [string, string] => [
      `report-${name}`,
      fieldTable(fields.filter(({ path }) => !common.has(path) && !path.startsWith('failure.'))),
    ]),
  ]);
}

function eventSections(): [name: string, text: string][] {
  const events = Object.entries(EVENT_SCHEMAS).map(
    ([type, schema]) => [type, schemaFields(schema)] as const,
  );
  // Each has a type, and each another one.
  const common = commonPaths(events.map(([, fields]) => fields));
  const head = (events[0]?.[1] ?? []).filter(({ path }) => common.has(path) && path !== 'type');
  return [
    ['event-common', fieldTable(head)],
    ...events.map(([type, fields]): [string, string] => [
      `event-${type}`,
      fieldTable(
        fields.filter(({ path }) => !common.has(path) && !/^(?:error|where)\./.test(path)),
      ),
    ]),
  ];
}

function metricTable(): string {
  return markdownTable(
    ['metric', 'type', 'labels', 'meaning'],
    METRICS.map(({ name, type, labels, help }) => [
      `\`${METRIC_PREFIX}${name}${type === 'counter' ? '_total' : ''}\``,
      type,
      labels.map((label) => `\`${label}\``).join(', '),
      help,
    ]),
  );
}

function flagsSection(commandLine: CommandLine<FlagSet>): [name: string, text: string] {
  // The exit codes are the same for all and stand in a table of their own.
  const help = helpText(commandLine).split('\nExit codes:')[0] ?? '';
  return [`flags-${commandLine.name}`, `\`\`\`text\n${help.trim()}\n\`\`\``];
}

function exitCodeTable(): string {
  return markdownTable(['code', 'meaning'], Object.entries(EXIT_CODES));
}

function typeTable(): string {
  return markdownTable(
    ['PostgreSQL type', 'INTEGER', 'REAL', 'TEXT', 'BLOB', 'else refused with'],
    TYPE_FAMILIES.map(({ title, takes, refusals }) => [
      title,
      ...[takes.integer, takes.real, takes.text, takes.blob].map(orRefused),
      refusals.map((code) => `\`${code}\``).join(', ') || '–',
    ]),
  );
}

function orRefused(words: string | null): string {
  return words ?? '–';
}

/** The fields that all reports have. */
function commonPaths(reports: readonly (readonly SchemaField[])[]): Set<string> {
  const [first = [], ...others] = reports;
  const paths = first.map(({ path }) => path);
  return new Set(
    paths.filter((path) => others.every((fields) => fields.some((field) => field.path === path))),
  );
}

function fieldTable(fields: readonly SchemaField[]): string {
  return markdownTable(
    ['field', 'type', 'meaning'],
    fields.map(({ path, type, isOptional, description }) => [
      `\`${path}\``,
      isOptional ? `${type}; may be absent` : type,
      description,
    ]),
  );
}
