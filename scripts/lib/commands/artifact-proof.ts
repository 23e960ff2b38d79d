import type { Artifact } from '../artifact/reader.ts';
import type { Comparison, SchemaDifference } from '../model/archive-comparison.ts';
import type { Proof } from '../model/proof.ts';
import { isEqualTable } from '../model/target-comparison.ts';
import type { VerifyResult } from './verify.ts';

/**
 * The SHA-256s of source, archive and target side by side, of what a verification compared.
 *
 * @param at when it was compared
 * @returns undefined when neither the source nor the whole target was
 */
export function describeProof(verified: VerifyResult, at: Date): Proof | undefined {
  const { againstSource } = verified;
  const comparison = verified.comparison?.isSample === false ? verified.comparison : null;
  if (againstSource === undefined && comparison === null) return undefined;
  const sources = new Map(againstSource?.tables.map((table) => [table.name, table]));
  const targets = new Map(comparison?.tables.map((table) => [table.source, table]));
  const reshaped = againstSource === undefined ? new Set() : reshapedTables(againstSource);
  const names = new Set([...verified.tables.map(({ name }) => name), ...sources.keys()]);
  const archived = new Map(verified.tables.map((table) => [table.name, table.sha256]));
  return {
    sourceComparedAt: againstSource === undefined ? null : at.toISOString(),
    targetComparedAt: comparison === null ? null : at.toISOString(),
    targetName: comparison?.target ?? null,
    tables: [...names].map((table) => {
      const source = sources.get(table);
      const target = targets.get(table);
      return {
        table,
        archive: source?.before?.sha256 ?? archived.get(table) ?? null,
        source:
          source === undefined
            ? null
            : {
                sha256: source.after?.sha256 ?? null,
                isEqual: source.state === 'equal' && !reshaped.has(table),
              },
        target:
          target === undefined
            ? null
            : {
                table: target.target,
                archive: target.digest?.archive ?? null,
                target: target.digest?.target ?? null,
                isEqual: isEqualTable(target),
              },
      };
    }),
  };
}

/** The tables that have other columns now, so that every line of their data files would be another one. */
function reshapedTables({ schema }: Pick<Comparison, 'schema'>): ReadonlySet<string | null> {
  return new Set(schema.filter(changesLines).map(({ table }) => table));
}

function changesLines({ kind, change }: SchemaDifference): boolean {
  return kind === 'column-order' || (kind === 'column' && change !== 'changed');
}

/** The archive alone: nothing is compared yet. */
export function proofOfArchive({ manifest }: Artifact): Proof {
  return {
    sourceComparedAt: null,
    targetComparedAt: null,
    targetName: null,
    tables: manifest.tables.map(({ name, sha256 }) => ({
      table: name,
      archive: sha256,
      source: null,
      target: null,
    })),
  };
}

/** What is known after another comparison: each side as it was compared last. */
export function withLaterProof(earlier: Proof, later: Proof): Proof {
  const found = new Map(later.tables.map((table) => [table.table, table]));
  const known = new Set(earlier.tables.map(({ table }) => table));
  const hasSource = later.sourceComparedAt !== null;
  const hasTarget = later.targetComparedAt !== null;
  return {
    sourceComparedAt: later.sourceComparedAt ?? earlier.sourceComparedAt,
    targetComparedAt: later.targetComparedAt ?? earlier.targetComparedAt,
    targetName: hasTarget ? later.targetName : earlier.targetName,
    tables: [
      ...earlier.tables.map((table) => ({
        ...table,
        source: hasSource ? (found.get(table.table)?.source ?? null) : table.source,
        target: hasTarget ? (found.get(table.table)?.target ?? null) : table.target,
      })),
      ...later.tables.filter(({ table }) => !known.has(table)),
    ],
  };
}
