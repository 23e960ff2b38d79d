import type { Artifact } from '../artifact/reader.ts';
import { ToolkitError } from '../model/errors.ts';
import { FindingCollector } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import { checkArtifact, type CheckedTable } from './artifact.ts';

/**
 * Checks everything about an artifact but whether its foreign keys find their parents.
 *
 * @returns what was read of each table
 * @throws ToolkitError of kind `artifact` that names the first fault
 */
export async function requireUndamaged(
  artifact: Artifact,
  context: CommandContext,
): Promise<CheckedTable[]> {
  const { manifest } = artifact;
  const tables = manifest.tables.map((table) => ({ ...table, foreignKeys: [] }));
  const findings = new FindingCollector();
  const checked = await checkArtifact(
    { ...artifact, manifest: { ...manifest, tables } },
    findings,
    context,
  );
  const [first, ...others] = findings.list().filter(({ severity }) => severity === 'blocking');
  if (first === undefined) return checked;
  const more = others.length === 0 ? '' : `, and ${others.length} more findings`;
  throw new ToolkitError({
    kind: 'artifact',
    code: 'artifact-damaged',
    message: `the artifact ${artifact.path} is damaged: ${first.message}${more}`,
    where: first.where,
    hint: 'verify lists all that is wrong; take the artifact from another copy, or export again',
  });
}
