import type { Random } from '../../model/random.ts';
import type { AiProviderRow } from './ai.ts';
import type { ApiConfigurationRow } from './api.ts';
import type { OrganizationRow } from './organizations.ts';
import type { UserRow } from './users.ts';

/** What the rows of the large tables refer to. */
export interface References {
  readonly users: readonly [UserRow, ...UserRow[]];
  readonly organizations: readonly [OrganizationRow, ...OrganizationRow[]];
  readonly providers: readonly [AiProviderRow, ...AiProviderRow[]];
  readonly apis: readonly [ApiConfigurationRow, ...ApiConfigurationRow[]];
}

/** The same rows, known not to be empty. */
export function atLeastOne<T>(rows: readonly T[]): readonly [T, ...T[]] {
  const [first, ...rest] = rows;
  if (first === undefined) throw new Error('The sample has a table without rows to refer to.');
  return [first, ...rest];
}

/** A value most of the time, NULL otherwise. */
export function sometimes<T>(random: Random, probability: number, value: () => T): T | null {
  return random.chance(probability) ? value() : null;
}
