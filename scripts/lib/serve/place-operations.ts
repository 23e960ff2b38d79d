import * as z from 'zod';

import { manifestSchema } from '../artifact/manifest.ts';
import type { Artifact } from '../artifact/reader.ts';
import { importStatus } from '../commands/import-status.ts';
import { ToolkitError } from '../model/errors.ts';
import { didYouMean } from '../model/nearest.ts';
import { silentProgress } from '../model/progress.ts';
import { importStatusReportSchema } from '../model/reports/import.ts';
import {
  findTarget,
  listArtifacts,
  listMappings,
  listSources,
  openNamedArtifact,
} from './catalogue.ts';
import type { ServeConfig } from './config.ts';
import { API, JSON_TYPE, type Answer, type Operation } from './operation.ts';

const fileSchema = z.object({
  name: z.string().describe('as options take it'),
  sizeBytes: z.number().int(),
  changedAt: z.string(),
});

const artifactSchema = z.object({
  name: z.string().describe('as requests take it'),
  id: z.string().describe('SHA-256 of manifest.json'),
  createdAt: z.string(),
  source: z.string().describe('file name of the database that it was made of'),
  tables: z.number().int(),
  rows: z.number().int(),
});

const targetSchema = z.object({ name: z.string().describe('as options take it') });

const table = manifestSchema.shape.tables.element;
const listedTable = table
  .pick({ name: true, order: true, rowCount: true, sizeBytes: true, primaryKey: true })
  .extend({ columns: z.number().int() });
const ofArtifact = z.object({ artifact: z.string().describe('name of the artifact') });

const whichArtifact = z.object({
  artifact: z.string().optional().describe('name of the artifact; without it the latest one'),
});

const journalSchema = importStatusReportSchema.pick({ target: true, sessions: true, runs: true });

const JOURNAL_TIMEOUTS = { lock: 5, statement: 15 };

/** What there is: sources, artifacts, mappings, targets, and the tables of an artifact. */
export const PLACE_OPERATIONS: readonly Operation[] = [
  listing('sources', 'the SQLite databases that may be moved', fileSchema, listSources),
  listing(
    'artifacts',
    'the artifacts that there are, the latest first',
    artifactSchema,
    listArtifacts,
  ),
  listing('mappings', 'the mapping files that may be chosen', fileSchema, listMappings),
  listing('targets', 'the databases that are configured, by name', targetSchema, async (config) =>
    config.targets.map(({ name }) => ({ name })),
  ),
  {
    method: 'GET',
    path: `${API}/targets/:target/journal`,
    summary: "what the target's journal holds: imports past and present, a terminal's too",
    response: { status: 200, type: JSON_TYPE, schema: journalSchema },
    handle: async ({ params }, { config, signal }) => {
      const { url } = findTarget(config, params['target'] ?? '');
      const asked = { target: url, timeouts: JOURNAL_TIMEOUTS, env: process.env };
      const { target, sessions, runs } = await importStatus(asked, {
        signal,
        progress: silentProgress,
      });
      return json({ target, sessions, runs });
    },
  },
  {
    method: 'GET',
    path: `${API}/tables`,
    summary: 'the tables of an artifact, in load order',
    query: whichArtifact,
    response: {
      status: 200,
      type: JSON_TYPE,
      schema: ofArtifact.extend({ tables: z.array(listedTable) }),
    },
    handle: async ({ query }, { config }) =>
      withArtifact(config, query, ({ path, manifest }) => {
        const tables = manifest.tables.map(
          ({ name, order, rowCount, sizeBytes, primaryKey, columns }) => ({
            name,
            order,
            rowCount,
            sizeBytes,
            primaryKey,
            columns: columns.length,
          }),
        );
        return json({ artifact: path, tables });
      }),
  },
  {
    method: 'GET',
    path: `${API}/schema/:table`,
    summary: 'columns, keys and foreign keys of a table, as the artifact has them',
    query: whichArtifact,
    response: { status: 200, type: JSON_TYPE, schema: ofArtifact.extend({ table }) },
    handle: async ({ params, query }, { config }) =>
      withArtifact(config, query, ({ path, manifest }) => {
        const wanted = params['table'] ?? '';
        const found = manifest.tables.find(({ name }) => name === wanted);
        const names = manifest.tables.map(({ name }) => name);
        if (found === undefined) throw noSuchTable(wanted, names);
        return json({ artifact: path, table: found });
      }),
  },
];

function listing(
  name: 'sources' | 'artifacts' | 'mappings' | 'targets',
  summary: string,
  schema: z.ZodType,
  list: (config: ServeConfig) => Promise<readonly unknown[]>,
): Operation {
  return {
    method: 'GET',
    path: `${API}/${name}`,
    summary,
    response: { status: 200, type: JSON_TYPE, schema: z.object({ [name]: z.array(schema) }) },
    handle: async (_call, { config }) => json({ [name]: await list(config) }),
  };
}

async function withArtifact(
  config: ServeConfig,
  query: unknown,
  answer: (artifact: Artifact) => Answer,
): Promise<Answer> {
  const { artifact: given } = query as z.infer<typeof whichArtifact>;
  const name = given ?? (await listArtifacts(config))[0]?.name;
  if (name === undefined) {
    throw new ToolkitError({
      kind: 'usage',
      code: 'unknown-name',
      message: 'there is no artifact yet',
      hint: 'export a source first',
    });
  }
  const artifact = await openNamedArtifact(config, name);
  try {
    return answer(artifact);
  } finally {
    await artifact.close();
  }
}

function noSuchTable(name: string, names: readonly string[]): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'no-such-table',
    message: `the artifact has no table of that name${didYouMean(name, names)}`,
    hint: 'GET /api/v1/migration/tables lists them',
  });
}

function json(body: unknown): Answer {
  return { kind: 'json', body };
}
