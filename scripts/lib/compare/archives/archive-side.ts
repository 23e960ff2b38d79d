import { closeBatches, readLineBatches } from '../../artifact/data-file.ts';
import { dataTables, type ManifestTable } from '../../artifact/manifest.ts';
import { rowsFile, type Artifact } from '../../artifact/reader.ts';
import { requireSame } from '../../artifact/unchanged.ts';
import { readStatements } from '../../restore/statements.ts';
import type { LineStream, Side } from './side.ts';

/**
 * An artifact that was found sound, as a side of a comparison.
 *
 * @throws ToolkitError of kind `artifact` when its `schema.sql` is not the one that was checked
 */
export async function archiveSide(artifact: Artifact): Promise<Side> {
  const { source, notCarried } = artifact.manifest;
  const { encoding, userVersion, applicationId } = source;
  const tables = dataTables(artifact.manifest);
  const byName = new Map(tables.map((table) => [table.name, table]));
  return {
    encoding,
    userVersion,
    applicationId,
    tables,
    notCarried,
    statements: await readStatements(artifact),
    readLines: ({ name }, _, { signal }) => {
      const table = byName.get(name);
      if (table === undefined) throw new Error(`the artifact has no table ${name}`);
      return readFile(artifact, table, signal);
    },
  };
}

async function* readFile(
  artifact: Artifact,
  table: ManifestTable,
  signal: AbortSignal,
): LineStream {
  const batches = readLineBatches(rowsFile(artifact, table), signal);
  try {
    for (;;) {
      const step = await batches.next();
      if (step.done !== true) {
        yield step.value.lines;
        continue;
      }
      const { sha256, lineCount: rowCount } = step.value;
      requireSame(sha256, table.sha256, table.file);
      return { sha256, rowCount };
    }
  } finally {
    await closeBatches(batches);
  }
}
