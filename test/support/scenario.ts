import { join } from 'node:path';
import { escapeIdentifier } from 'pg';
import type { Compression } from '../../scripts/lib/artifact/compression.ts';
import type { ImportOptions } from '../../scripts/lib/commands/import.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { exportArtifact, importInProcess, type ImportOutcome } from './in-process.ts';
import { createOwner } from './role.ts';
import { createSource } from './source-file.ts';

/** Who imports: a superuser, or a role that owns the tables and has no other right. */
export type Importer = 'superuser' | 'owner';
export const IMPORTERS: readonly Importer[] = ['superuser', 'owner'];

/** A source, its artifact, and a target to load it into. */
export interface Scenario {
  readonly artifact: string;
  readonly database: TestDatabase;
  /** URL to the target as the importer. */
  readonly url: string;
  readonly import: (options?: Partial<ImportOptions>) => Promise<ImportOutcome>;
  /** What a query on the target answers, as a superuser. */
  readonly rows: (sql: string) => Promise<Record<string, unknown>[]>;
}

export interface ScenarioOptions {
  /** SQL that makes the source, rows included. */
  readonly source: string;
  /** SQL that makes the target's tables, run as the importer. */
  readonly target: string;
  readonly importer?: Importer;
  /** How the artifact is compressed. */
  readonly compress?: Compression;
  /** As CREATE DATABASE has it. */
  readonly locale?: string;
}

let scenarios = 0;

/** Makes a scenario; its files go into `folder`. */
export async function createScenario(folder: string, options: ScenarioOptions): Promise<Scenario> {
  scenarios += 1;
  const path = join(folder, `scenario-${scenarios}`);
  const source = createSource(`${path}.db`, options.source);
  const artifact = await exportArtifact(source, path, { compress: options.compress });
  const { locale } = options;
  const database = await createTestDatabase(locale === undefined ? {} : { locale });
  const owner = options.importer === 'owner' ? await createOwner(database) : undefined;
  const role = owner === undefined ? '' : `SET ROLE ${escapeIdentifier(owner.name)};`;
  await database.query(`${role} ${options.target}`);
  const url = owner?.url ?? database.url;
  return {
    artifact,
    database,
    url,
    import: async (importOptions = {}) => importInProcess(artifact, url, importOptions),
    rows: async (sql) => database.query(sql),
  };
}

/** Makes a scenario and loads it. */
export async function createLoadedScenario(
  folder: string,
  options: ScenarioOptions,
  importOptions: Partial<ImportOptions> = {},
): Promise<Scenario> {
  const scenario = await createScenario(folder, options);
  const { exitCode, findings, error } = await scenario.import(importOptions);
  if (exitCode === 0) return scenario;
  throw new Error(`Nothing was loaded: ${JSON.stringify(error ?? findings)}`);
}
