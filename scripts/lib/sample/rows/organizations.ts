import { cuid, uuid } from '../ids.ts';
import type { Random } from '../../model/random.ts';
import { asIsoText, asMilliseconds, type StoredRow } from '../stored.ts';
import { ORGANIZATION_SEEDS, type OrganizationSeed } from './organization-seeds.ts';
import type { UserRow } from './users.ts';

/** A stored organization whose id other rows refer to. */
export interface OrganizationRow extends StoredRow {
  readonly id: string;
}

const FIRST_CREATED = asMilliseconds('2024-01-15T09:00:00.000Z');
const DEFAULT_QUOTA = 10_737_418_240n;

/** The 28 organizations, some of them children of others. */
export function organizationRows(random: Random): readonly OrganizationRow[] {
  const ids = new Map(
    ORGANIZATION_SEEDS.map(({ slug }, index) => [slug, cuid(random, createdAt(index), index)]),
  );
  return ORGANIZATION_SEEDS.map((seed, index) => ({
    id: idOf(ids, seed.slug),
    parent_id: seed.parent === undefined ? null : idOf(ids, seed.parent),
    ...ownValues(seed, index),
    created_at: createdAt(index),
    updated_at: index % 3 === 2 ? asIsoText(createdAt(index) + 1) : createdAt(index) + 1,
  }));
}

function createdAt(index: number): number {
  return FIRST_CREATED + index * 3_600_321;
}

function ownValues(seed: OrganizationSeed, index: number): StoredRow {
  return {
    external_id: index % 4 === 3 ? null : uuid(seed.slug),
    slug: seed.slug,
    name: seed.name,
    status: seed.status ?? 'ACTIVE',
    is_internal: seed.slug === 'vanguard' ? 1 : 0,
    headcount: seed.headcount ?? null,
    storage_quota_bytes: seed.storageQuotaBytes ?? DEFAULT_QUOTA,
    annual_budget: seed.annualBudget ?? null,
    risk_factor: seed.riskFactor ?? 1,
    settings: seed.settings ?? '{}',
    notes: seed.notes ?? null,
    founded_on: storedDate(seed.foundedOn, index),
    day_starts_at: index % 5 === 0 ? asMilliseconds('1970-01-01T07:30:00.000Z') + index : null,
    contract_ends_at:
      seed.contractEndsAt === undefined ? null : asMilliseconds(seed.contractEndsAt),
  };
}

function storedDate(date: string | undefined, index: number): number | string | null {
  if (date === undefined) return null;
  const midnight = asMilliseconds(`${date}T00:00:00.000Z`);
  return index % 2 === 0 ? midnight : asIsoText(midnight);
}

function idOf(ids: ReadonlyMap<string, string>, slug: string): string {
  const id = ids.get(slug);
  if (id === undefined) throw new Error(`The sample has no organization "${slug}".`);
  return id;
}

/** What the column's DEFAULT CURRENT_TIMESTAMP leaves when a row is inserted by hand: UTC, as text. */
const INSERTED_BY_SQL = '2024-02-03 10:20:30';

const MEMBERSHIPS: readonly (readonly [user: number, organization: number, role: string])[] = [
  [0, 27, 'OWNER'],
  [0, 3, 'OWNER'],
  [0, 4, 'ADMIN'],
  [1, 3, 'ADMIN'],
  [1, 0, 'ADMIN'],
  [1, 1, 'MEMBER'],
  [2, 0, 'MEMBER'],
  [2, 2, 'MEMBER'],
  [3, 1, 'MEMBER'],
  [3, 9, 'OWNER'],
  [4, 27, 'GUEST'],
  [6, 26, 'GUEST'],
];

/** The twelve memberships, keyed by user and organization. */
export function membershipRows(
  users: readonly UserRow[],
  organizations: readonly OrganizationRow[],
): readonly StoredRow[] {
  const inviter = users[0]?.id ?? null;
  return MEMBERSHIPS.map(([user, organization, role], index) => ({
    user_id: users[user]?.id ?? null,
    organization_id: organizations[organization]?.id ?? null,
    invited_by_id: user === 0 ? null : inviter,
    role,
    permissions: role === 'MEMBER' ? '["pfa:read","pfa:write",{"scope":"plan"}]' : null,
    joined_at:
      user === 6 ? INSERTED_BY_SQL : asMilliseconds('2024-02-01T08:00:00.500Z') + index * 7_200_000,
  }));
}
