/** What sets one organization of the sample apart; the rest is made up in `organizations.ts`. */
export interface OrganizationSeed {
  readonly slug: string;
  readonly name: string;
  readonly parent?: string;
  readonly status?: 'TRIAL' | 'SUSPENDED' | 'ARCHIVED';
  readonly headcount?: number;
  readonly storageQuotaBytes?: bigint;
  readonly annualBudget?: number;
  readonly riskFactor?: number;
  readonly settings?: string;
  readonly notes?: string;
  /** `YYYY-MM-DD` */
  readonly foundedOn?: string;
  /** ISO 8601, UTC */
  readonly contractEndsAt?: string;
}

const LONGEST_SLUG = 'the-organization-whose-name-takes-all-sixty-three-characters-ok';

/**
 * The 28 organizations. Children stand before their parents here and there: a company was bought,
 * and its holding was entered later. Each value that is unusual is one that a careless migration
 * bends: text that COPY would take for a marker, instants outside 1970 to 2038, 64-bit integers.
 */
export const ORGANIZATION_SEEDS: readonly OrganizationSeed[] = [
  {
    slug: 'aurora-north',
    name: 'Aurora North',
    parent: 'aurora',
    foundedOn: '1889-03-14',
    headcount: 412,
  },
  { slug: 'aurora-south', name: 'Aurora South', parent: 'aurora', annualBudget: 1_250_000.5 },
  { slug: 'aurora-north-lab', name: 'Aurora North — Lab №3', parent: 'aurora-north' },
  {
    slug: 'aurora',
    name: 'Aurora Holding',
    foundedOn: '1040-08-15',
    contractEndsAt: '2099-12-31T23:59:59.999Z',
    annualBudget: 99_999_999_999.9999,
    headcount: 18_230,
    storageQuotaBytes: 9_223_372_036_854_775_807n,
    settings:
      '{"fiscalYear":{"start":"04-01"},"rates":[1.10,2.00,0.30000000000000004],"limit":1e3}',
  },
  {
    slug: 'brightwater',
    name: 'Brightwater & Søn',
    notes: 'Line one\nline two\r\nline three\tafter a tab',
    foundedOn: '1969-12-31',
  },
  {
    slug: 'brightwater-legal',
    name: 'Brightwater "Legal"',
    parent: 'brightwater',
    notes: "It's quoted: 'single', \"double\", `back`",
  },
  { slug: 'cobalt', name: 'Cobalt', notes: '\\N', storageQuotaBytes: 9_007_199_254_740_993n },
  { slug: 'cobalt-data', name: 'Cobalt Data', parent: 'cobalt', notes: '\\.' },
  { slug: 'cobalt-share', name: 'Cobalt Share', parent: 'cobalt', notes: '\\\\server\\new\\table' },
  { slug: 'delta', name: 'Δέλτα', notes: '', riskFactor: 0.1 + 0.2 },
  { slug: 'delta-ios', name: 'Δέλτα – Χίος', parent: 'delta', riskFactor: 5e-324 },
  { slug: 'ember', name: 'Ember 🔥', notes: 'Family: 👨‍👩‍👧‍👦, flag: 🇳🇴, keycap: 1️⃣' },
  { slug: 'ember-ash', name: 'Ember Ash', parent: 'ember', status: 'SUSPENDED' },
  { slug: 'fjord', name: 'Fjord', riskFactor: Number.MAX_VALUE, annualBudget: -0.0001 },
  { slug: 'granite', name: 'Granite', contractEndsAt: '2038-01-19T03:14:08.000Z' },
  { slug: 'harbor', name: ' Harbor ', notes: '   ', contractEndsAt: '1969-07-20T20:17:40.250Z' },
  { slug: 'iris', name: '⁨مؤسسة⁩ Iris', notes: 'right to left: שלום' },
  { slug: 'jade', name: 'Jade 玉', notes: 'e\u0301 is not \u00e9; \u2028 separates, \ufeff marks' },
  { slug: 'kestrel', name: 'Kestrel', headcount: 2_147_483_647, annualBudget: 100 },
  { slug: 'lumen', name: 'Lumen', headcount: 0, annualBudget: 0, storageQuotaBytes: 0n },
  { slug: 'meridian', name: 'Meridian', status: 'TRIAL', annualBudget: 250_000.25 },
  { slug: 'meridian-labs', name: 'Meridian Labs', parent: 'meridian', status: 'TRIAL' },
  {
    slug: 'nimbus',
    name: 'Nimbus',
    status: 'ARCHIVED',
    contractEndsAt: '1970-01-01T00:00:00.001Z',
  },
  { slug: 'obsidian', name: 'Obsidian', status: 'ARCHIVED', foundedOn: '9999-12-31' },
  { slug: 'pinnacle', name: 'Pinnacle', settings: '"a JSON string"' },
  { slug: 'quarry', name: 'Quarry', settings: 'null' },
  { slug: LONGEST_SLUG, name: 'The longest slug', riskFactor: -1.5 },
  { slug: 'vanguard', name: 'Vanguard', headcount: 7 },
];
