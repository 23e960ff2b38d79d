import { cuid } from '../ids.ts';
import type { Random } from '../../model/random.ts';
import { asIsoText, asMilliseconds, type StoredRow } from '../stored.ts';
import { type References, sometimes } from './references.ts';

const DAY_MS = 86_400_000;
const FIRST_IMPORT = asMilliseconds('2024-06-12T04:00:00.000Z');
const FIRST_PLAN_DAY = asMilliseconds('2019-01-01T00:00:00.000Z') / DAY_MS;
const PLAN_DAYS = 3650;

const CATEGORIES = [
  'Cranes',
  'Earth moving',
  'Scaffolding',
  'Power & light',
  'Vehicles',
  'Büro / site office',
] as const;

const DESCRIPTIONS = [
  'Crawler crane, 90 t',
  'Excavator 22 t\twith breaker',
  'Tower light; 4 × 320 W',
  'Generator 100 kVA ("silent")',
  'Pick-up 4×4 🛻',
  'C:\\plans\\north\\tank',
  'Bürocontainer, 6 m\nwith air conditioning',
  '発電機 50 kVA',
] as const;

/** `count` plan, forecast and actual lines, spread over all organizations. */
export function* pfaRecordRows(
  random: Random,
  references: References,
  count: number,
): Generator<StoredRow> {
  for (let index = 0; index < count; index += 1) {
    const created = FIRST_IMPORT + index * 37;
    const touched = created + random.integer(0, 30 * DAY_MS);
    yield {
      id: cuid(random, created, index),
      organization_id: random.pick(references.organizations).id,
      created_by_id: sometimes(random, 0.6, () => random.pick(references.users).id),
      external_id: `PFA-${String(index + 1).padStart(7, '0')}`,
      category: random.pick(CATEGORIES),
      description: random.chance(0.05)
        ? ''
        : sometimes(random, 0.9, () => random.pick(DESCRIPTIONS)),
      quantity: random.integer(1, 40),
      ...costs(random),
      ...dates(random),
      source_revision: 9_007_199_254_740_993n + BigInt(index),
      source_changed_at: sometimes(random, 0.7, () => created - random.integer(0, 1000 * DAY_MS)),
      attributes: sometimes(random, 0.5, () => attributes(random)),
      created_at: created,
      updated_at: index % 10 === 9 ? asIsoText(touched) : touched,
    };
  }
}

function costs(random: Random): StoredRow {
  const isRental = random.chance(0.7);
  return {
    source: isRental ? 'RENTAL' : 'PURCHASE',
    monthly_rate: isRental ? random.integer(1_000_00, 95_000_00) / 100 : null,
    purchase_price: isRental ? null : random.integer(5_000_00, 4_000_000_00) / 100,
    utilization: sometimes(random, 0.8, random.fraction),
    is_actualized: random.chance(0.3) ? 1 : 0,
    is_discontinued: random.chance(0.02) ? 1 : 0,
  };
}

/** Days as midnight UTC in milliseconds, which is how Prisma stores a day on SQLite. */
function dates(random: Random): StoredRow {
  const start = FIRST_PLAN_DAY + random.integer(0, PLAN_DAYS);
  const end = start + random.integer(0, 900);
  const shift = random.integer(-45, 90);
  const hasForecast = random.chance(0.75);
  const hasStarted = random.chance(0.5);
  return {
    plan_start: start * DAY_MS,
    plan_end: end * DAY_MS,
    forecast_start: hasForecast ? (start + shift) * DAY_MS : null,
    forecast_end: hasForecast ? (end + shift) * DAY_MS : null,
    actual_start: hasStarted ? (start + shift + 1) * DAY_MS : null,
    actual_end: hasStarted && random.chance(0.4) ? (end + shift + 3) * DAY_MS : null,
  };
}

function attributes(random: Random): string {
  const area = random.integer(1, 99);
  const dor = random.pick(['BEO', 'Contractor', 'Søk']);
  return `{"area":"A${area}","dor":"${dor}","factor":${random.integer(10, 99)}.50,"tags":["p${area % 7}","🏗️"]}`;
}
