import { createHash } from 'node:crypto';

import type { TargetCatalog } from '../../model/target-catalog.ts';

/**
 * SHA-256 over everything that is known of a schema's tables, columns, types and constraints: two
 * schemas with the same fingerprint take the same rows. The state of sequences is no part of it.
 */
export function schemaFingerprint(catalog: TargetCatalog): string {
  const tables = catalog.tables.map(({ sequences, ...table }) => ({
    ...table,
    sequences: sequences.map(({ column, sql }) => ({ column, sql })),
  }));
  return createHash('sha256').update(JSON.stringify(tables)).digest('hex');
}
