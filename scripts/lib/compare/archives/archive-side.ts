import { closeBatches, readLineBatches } from '../../artifact/data-file.ts';
import { dataTables } from '../../artifact/manifest.ts';
import { artifactPath, type Artifact } from '../../artifact/reader.ts';
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
  const files = new Map(tables.map(({ name, file }) => [name, file]));
  return {
    encoding,
    userVersion,
    applicationId,
    tables,
    notCarried,
    statements: await readStatements(artifact),
    readLines: ({ name, sha256 }, _, { signal }) =>
      readFile(artifact, files.get(name) ?? '', sha256 ?? '', signal),
  };
}

async function* readFile(
  artifact: Artifact,
  file: string,
  expected: string,
  signal: AbortSignal,
): LineStream {
  const batches = readLineBatches(artifactPath(artifact, file), signal, file);
  try {
    for (;;) {
      const step = await batches.next();
      if (step.done !== true) {
        yield step.value.lines;
        continue;
      }
      const { sha256, lineCount: rowCount } = step.value;
      requireSame(sha256, expected, file);
      return { sha256, rowCount };
    }
  } finally {
    await closeBatches(batches);
  }
}
