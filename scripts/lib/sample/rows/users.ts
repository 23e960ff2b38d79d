import { cuid, uuid } from '../ids.ts';
import type { Random } from '../../model/random.ts';
import { asIsoText, asMilliseconds, type StoredRow } from '../stored.ts';

/** A stored user whose id other rows refer to. */
export interface UserRow extends StoredRow {
  readonly id: string;
}

interface UserSeed {
  readonly email: string;
  readonly name: string | null;
  readonly role: 'ADMIN' | 'MANAGER' | 'PLANNER' | 'VIEWER';
  readonly preferences: string;
  readonly bornOn?: string;
  readonly avatar?: Buffer;
  readonly passwordHash?: string;
  readonly isInactive?: true;
}

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

const SEEDS: readonly UserSeed[] = [
  {
    email: 'mara.lindqvist@vanguard.example',
    name: 'Mara Lindqvist',
    role: 'ADMIN',
    preferences: '{"theme":"dark","columns":["plan","forecast","actual"],"zoom":1.10}',
    bornOn: '1968-02-29',
    avatar: EVERY_BYTE,
  },
  {
    email: "z.o'hara+planning@vanguard.example",
    name: 'Zoë "Zed" O\'Hara 👩🏽‍💻',
    role: 'MANAGER',
    preferences:
      '{"signature":"Zoë 👩🏽‍💻\\nPlanning \\u2014 \\"no surprises\\"","paths":["C:\\\\plans"]}',
    bornOn: '1969-12-31',
  },
  {
    email: 'ming@vanguard.example',
    name: '李明',
    role: 'PLANNER',
    preferences: '{"locale":"zh-Hans","Ünïcødé":{"деплой":true,"💰":[null,{"deep":[[[]]]}]}}',
    bornOn: '1970-01-01',
    avatar: Buffer.alloc(0),
  },
  {
    email: 'idrissi@vanguard.example',
    name: 'سلمى الإدريسي',
    role: 'PLANNER',
    preferences:
      '{"big":12345678901234567890.000000000123456789,"tiny":1e-7,"exact":9007199254740993}',
    bornOn: '1991-07-15',
  },
  {
    email: 'import-bot@vanguard.example',
    name: null,
    role: 'VIEWER',
    preferences: '{}',
    passwordHash: '',
    isInactive: true,
  },
  {
    email: 'nobody@vanguard.example',
    name: '',
    role: 'VIEWER',
    preferences: '[]',
    isInactive: true,
  },
  {
    email: `${'a'.repeat(64)}@${'long-domain-label.'.repeat(10)}example`.padEnd(254, 'e'),
    name: '\\N',
    role: 'VIEWER',
    preferences: '{"note":"\\\\N is not NULL","tab":"\\t"}',
    bornOn: '2000-02-29',
  },
];

/** The seven users; the one without a person behind it carries a UUID, as seed scripts make. */
export function userRows(random: Random): readonly UserRow[] {
  return SEEDS.map((seed, index) => {
    const created = asMilliseconds('2024-01-08T07:15:00.000Z') + index * 86_400_123;
    const seenAt = created + 97 * 86_400_000;
    return {
      id: seed.name === null ? uuid(seed.email) : cuid(random, created, index),
      email: seed.email,
      name: seed.name,
      password_hash: seed.passwordHash ?? bcryptLike(random),
      role: seed.role,
      is_active: seed.isInactive === true ? 0 : 1,
      failed_logins: seed.isInactive === true ? 5 : 0,
      avatar: seed.avatar ?? (index === 3 ? random.bytes(700) : null),
      preferences: seed.preferences,
      born_on: seed.bornOn === undefined ? null : asMilliseconds(`${seed.bornOn}T00:00:00.000Z`),
      last_login_at: seed.isInactive === true ? null : index === 2 ? asIsoText(seenAt) : seenAt,
      created_at: created,
      updated_at: index === 2 ? asIsoText(seenAt) : seenAt,
    };
  });
}

function bcryptLike(random: Random): string {
  return `$2b$12$${random.bytes(39).toString('base64').replaceAll('+', '.').replaceAll('=', '').slice(0, 53).padEnd(53, '.')}`;
}
