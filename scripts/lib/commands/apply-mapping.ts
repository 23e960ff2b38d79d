import type { Mapping } from '../mapping/file/read.ts';
import type { ResolvedMapping } from '../mapping/resolved-mapping.ts';
import type { PlannedSource } from '../mapping/source-shape.ts';

/** A mapping that fits the source. */
export interface AppliedMapping {
  readonly file: Mapping;
  readonly tables: ResolvedMapping;
}

/**
 * Reads a mapping and holds it against a source; null when none is given.
 *
 * @throws ToolkitError of kind `usage` that names what is wrong with the file, and where
 */
export async function applyMapping(
  path: string | undefined,
  source: PlannedSource,
): Promise<AppliedMapping | null> {
  if (path === undefined) return null;
  const [{ readMapping }, { resolveMapping }] = await Promise.all([
    import('../mapping/file/read.ts'),
    import('../mapping/resolve.ts'),
  ]);
  const file = await readMapping(path);
  return { file, tables: resolveMapping(file, source) };
}

/** The mapping as a report names it. */
export function describeMapping(
  mapping: AppliedMapping | null,
): { file: string; sha256: string } | null {
  return mapping === null ? null : { file: mapping.file.file, sha256: mapping.file.sha256 };
}
