import { cuid, uuid } from '../ids.ts';
import type { Random } from '../../model/random.ts';
import { asIsoText, asMilliseconds, type StoredRow } from '../stored.ts';
import type { OrganizationRow } from './organizations.ts';

/** A stored API configuration, with the ids that other rows refer to. */
export interface ApiConfigurationRow extends StoredRow {
  readonly id: string;
  readonly organization_id: string;
}

const CREATED = asMilliseconds('2024-04-02T06:45:00.000Z');

/** 120 characters, some of them outside the basic plane: it just fits VARCHAR(120). */
const LONGEST_NAME = `Satellite 🛰️ feed ${'🚚'.repeat(102)}`;

interface ApiSeed {
  readonly organization: number;
  readonly name: string;
  readonly auth: 'NONE' | 'API_KEY' | 'BASIC' | 'OAUTH2';
  readonly headers?: string;
  readonly timeoutMs?: number;
  readonly maintenance?: string;
}

const SEEDS: readonly ApiSeed[] = [
  { organization: 3, name: 'Fleet', auth: 'OAUTH2', maintenance: '2024-10-27T02:30:00.000Z' },
  {
    organization: 3,
    name: 'Ledger',
    auth: 'BASIC',
    headers: '{"X-Trace":"a\\\\b","Accept":"*/*"}',
  },
  { organization: 0, name: 'Fleet', auth: 'API_KEY', timeoutMs: 1 },
  { organization: 0, name: 'Telemetry/β', auth: 'NONE', headers: '{}' },
  { organization: 1, name: 'Fleet', auth: 'API_KEY' },
  { organization: 4, name: LONGEST_NAME, auth: 'NONE', maintenance: '1969-12-31T23:59:59.999Z' },
  { organization: 9, name: 'ERP\twith a tab', auth: 'BASIC', headers: '{"Ключ":"значение"}' },
  { organization: 27, name: 'Demo', auth: 'NONE', timeoutMs: 2_147_483_647 },
  { organization: 27, name: 'demo', auth: 'NONE' },
  {
    organization: 27,
    name: "Robert'); --",
    auth: 'API_KEY',
    headers: 'null',
    maintenance: '2077-02-28T00:00:00.001Z',
  },
];

/** The ten API configurations; `name` is unique within an organization, case regarded. */
export function apiConfigurationRows(
  random: Random,
  organizations: readonly OrganizationRow[],
): readonly ApiConfigurationRow[] {
  return SEEDS.map((seed, index) => ({
    id: cuid(random, CREATED, index),
    organization_id: organizations[seed.organization]?.id ?? '',
    name: seed.name,
    webhook_id: uuid(`webhook ${index}`),
    base_url: `https://api-${index}.vanguard.example/v${index + 1}/`,
    auth_kind: seed.auth,
    headers: seed.headers ?? null,
    timeout_ms: seed.timeoutMs ?? 30_000,
    backoff_factor: index === 4 ? 1.5 : 2,
    is_active: index === 8 ? 0 : 1,
    maintenance_starts_at:
      seed.maintenance === undefined ? null : instant(asMilliseconds(seed.maintenance), index),
    last_synced_at: index % 2 === 0 ? instant(CREATED + index * 10_000_019, index) : null,
    created_at: instant(CREATED + index, index),
    updated_at: instant(CREATED + index * 2, index),
  }));
}

/** Every fourth row was written through a driver adapter. */
function instant(milliseconds: number, index: number): number | string {
  return index % 4 === 0 ? asIsoText(milliseconds) : milliseconds;
}

const MAPPINGS: readonly (readonly [
  api: number,
  entity: string,
  rowOffset: bigint,
  map: string,
])[] = [
  [0, 'pfa_records', 0n, '{"externalId":"$.id","quantity":{"path":"$.qty","factor":1.00}}'],
  [1, 'pfa_records', -9_223_372_036_854_775_808n, '{"purchasePrice":"$[\\"net \\u20ac\\"]"}'],
  [2, 'equipment', 9_007_199_254_740_993n, '{"λ":{"nested":{"again":[1,[2,[3,{"四":4}]]]}}}'],
  [7, 'equipment', 4_294_967_296n, '[]'],
];

/** The four mappings from an API's fields to planning fields. */
export function dataSourceMappingRows(
  random: Random,
  apis: readonly ApiConfigurationRow[],
): readonly StoredRow[] {
  return MAPPINGS.map(([api, entity, rowOffset, fieldMap], index) => ({
    id: cuid(random, CREATED + 1, index),
    organization_id: apis[api]?.organization_id ?? null,
    api_configuration_id: apis[api]?.id ?? null,
    entity,
    priority: index - 1,
    field_map: fieldMap,
    transform:
      index === 0 ? 'row => ({\n\t...row,\n\tname: row.name.replace(/\\N/g, "")\n})' : null,
    row_offset: rowOffset,
    is_active: index === 3 ? 0 : 1,
    created_at: instant(CREATED + 20 + index, index),
    updated_at: instant(CREATED + 30 + index, index),
  }));
}

/**
 * The one field configuration. Its default is the JSON number 42: SQLite gives a JSONB column
 * NUMERIC affinity, so what Prisma writes as text is stored as the INTEGER 42.
 * https://www.sqlite.org/datatype3.html#determination_of_column_affinity
 */
export function fieldConfigurationRows(
  random: Random,
  organizations: readonly OrganizationRow[],
): readonly StoredRow[] {
  return [
    {
      id: cuid(random, CREATED + 2, 0),
      organization_id: organizations[3]?.id ?? null,
      entity: 'pfa_records',
      key: 'cost_center',
      label: 'Cost center ⟨CC⟩',
      type: 'NUMBER',
      is_required: 1,
      default_value: '42',
      options: '{"min":-1,"max":1e3,"step":0.010,"labels":{"de":"Kostenstelle","ja":"原価センタ"}}',
      position: -1,
      width: 0.333_333_333_333_333_3,
      created_at: CREATED,
      updated_at: asIsoText(CREATED + 1),
    },
  ];
}
