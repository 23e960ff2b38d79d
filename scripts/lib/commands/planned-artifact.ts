import type { ManifestTable } from '../artifact/manifest.ts';
import type { Artifact } from '../artifact/reader.ts';
import type { PlannedSource } from '../mapping/source-shape.ts';

/** What a plan needs to know of an artifact. */
export function plannedArtifact({ manifest }: Artifact): PlannedSource<ManifestTable> {
  const { madeByPrisma, encoding } = manifest.source;
  return { madeByPrisma, encoding, tables: manifest.tables };
}
