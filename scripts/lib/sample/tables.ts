import { createRandom } from '../model/random.ts';
import { aiConfigRows, aiProviderRows } from './rows/ai.ts';
import { apiConfigurationRows, dataSourceMappingRows, fieldConfigurationRows } from './rows/api.ts';
import { aiUsageLogRows, syncLogRows } from './rows/logs.ts';
import { membershipRows, organizationRows } from './rows/organizations.ts';
import { pfaRecordRows } from './rows/pfa-records.ts';
import { atLeastOne } from './rows/references.ts';
import { userRows } from './rows/users.ts';
import type { StoredRow } from './stored.ts';

const SEED = 20_240_501;

/**
 * The highest id each AUTOINCREMENT table has ever given out. Rows were deleted since, so each mark
 * is above what its table holds, and two of the tables are empty.
 */
export const AUTOINCREMENT_MARKS = {
  ai_providers: 5,
  ai_usage_logs: 1287,
  sync_logs: 412,
} as const;

/** One table's rows, in the order in which they are inserted. */
export interface SampleTable {
  readonly name: string;
  readonly rows: Iterable<StoredRow>;
}

/** How many rows each of the large tables gets. */
export interface LargeTableRows {
  readonly pfaRecords: number;
  readonly aiUsageLogs: number;
  readonly syncLogs: number;
}

/** Shares `rows` out: 80 % plan lines, 15 % model calls, 5 % synchronizations; nothing is lost. */
export function shareRows(rows: number): LargeTableRows {
  const aiUsageLogs = Math.floor((rows * 15) / 100);
  const syncLogs = Math.floor((rows * 5) / 100);
  return { pfaRecords: rows - aiUsageLogs - syncLogs, aiUsageLogs, syncLogs };
}

/** All twelve tables, parents before children. */
export function sampleTables(large: LargeTableRows): readonly SampleTable[] {
  const random = createRandom(SEED);
  const users = userRows(random);
  const organizations = organizationRows(random);
  const providers = aiProviderRows();
  const apis = apiConfigurationRows(random, organizations);
  const references = {
    users: atLeastOne(users),
    organizations: atLeastOne(organizations),
    providers: atLeastOne(providers),
    apis: atLeastOne(apis),
  };
  const marks = AUTOINCREMENT_MARKS;
  return [
    { name: 'users', rows: users },
    { name: 'organizations', rows: organizations },
    { name: 'user_organizations', rows: membershipRows(users, organizations) },
    { name: 'ai_providers', rows: providers },
    { name: 'organization_ai_configs', rows: aiConfigRows(random, organizations) },
    {
      name: 'ai_usage_logs',
      rows: aiUsageLogRows(random, references, large.aiUsageLogs, marks.ai_usage_logs),
    },
    { name: 'api_configurations', rows: apis },
    { name: 'organization_api_credentials', rows: [] },
    { name: 'data_source_mappings', rows: dataSourceMappingRows(random, apis) },
    { name: 'field_configurations', rows: fieldConfigurationRows(random, organizations) },
    { name: 'pfa_records', rows: pfaRecordRows(random, references, large.pfaRecords) },
    { name: 'sync_logs', rows: syncLogRows(random, references, large.syncLogs, marks.sync_logs) },
  ];
}
