import { MANIFEST_FILE } from '../artifact/paths.ts';
import { openArtifact, type Artifact } from '../artifact/reader.ts';
import { requireSame } from '../artifact/unchanged.ts';
import { FindingCollector, inReportOrder } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import { openSource } from '../source/open.ts';
import { describeProof } from './artifact-proof.ts';
import { compareWithBaseline } from './verify-baseline.ts';
import { compareWithSource } from './verify-source.ts';
import type { VerifyResult } from './verify.ts';

/** With what else an artifact is compared once it is verified. */
export interface ArchiveComparisonOptions {
  readonly artifact: string;
  /** Another artifact, taken before: a folder, or a single file. */
  readonly baseline?: string | undefined;
  /** The SQLite database that it was exported from. */
  readonly againstSource?: string | undefined;
  /** Show the values of differing columns, not only their hashes and lengths. */
  readonly showValues: boolean;
}

/**
 * Verifies an artifact, and compares it with another one and with a SQLite database where that is asked
 * for. Whether these are there is looked at first. A damaged artifact is not compared with anything.
 *
 * @param verify everything else that is to be verified
 * @throws ToolkitError of kind `artifact` or `source` when something to compare with cannot be read
 */
export async function verifyAgainstArchives(
  options: ArchiveComparisonOptions,
  verify: () => Promise<VerifyResult>,
  context: CommandContext,
): Promise<VerifyResult> {
  const { baseline: baselinePath, againstSource } = options;
  if (baselinePath === undefined && againstSource === undefined) return withProof(await verify());
  if (againstSource !== undefined) openSource(againstSource).close();
  const baseline = baselinePath === undefined ? null : await openArtifact(baselinePath, context);
  try {
    const verified = await verify();
    const findings = new FindingCollector();
    const isDamaged = verified.findings.some(
      ({ severity, kind }) => severity === 'blocking' && kind === 'integrity',
    );
    if (isDamaged) findings.add(NOT_COMPARED);
    const compared = isDamaged
      ? {}
      : await compareAll({ options, verified, baseline, findings, context });
    return withProof({
      ...verified,
      ...compared,
      findings: inReportOrder([...verified.findings, ...findings.list()]),
    });
  } finally {
    await baseline?.close();
  }
}

function withProof(verified: VerifyResult): VerifyResult {
  const proof = describeProof(verified, new Date());
  return proof === undefined ? verified : { ...verified, proof };
}

const NOT_COMPARED = {
  code: 'not-compared',
  severity: 'warning',
  kind: 'data',
  message: 'the artifact is damaged, so it was compared with nothing',
  where: {},
  hint: 'take the artifact from another copy, and compare that',
} as const;

interface Work {
  readonly options: ArchiveComparisonOptions;
  readonly verified: VerifyResult;
  readonly baseline: Artifact | null;
  readonly findings: FindingCollector;
  readonly context: CommandContext;
}

async function compareAll(work: Work): Promise<Pick<VerifyResult, 'againstSource' | 'baseline'>> {
  const { options, verified, baseline, findings, context } = work;
  const { againstSource, showValues } = options;
  const artifact = await openArtifact(options.artifact, context);
  try {
    requireSame(artifact.id, verified.artifact.id, MANIFEST_FILE);
    const how = { showValues, context };
    return {
      ...(againstSource === undefined
        ? {}
        : { againstSource: await compareWithSource(artifact, againstSource, findings, how) }),
      ...(baseline === null
        ? {}
        : { baseline: await compareWithBaseline(artifact, baseline, findings, how) }),
    };
  } finally {
    await artifact.close();
  }
}
