import { importInProcess, verifyInProcess } from './in-process.ts';

/** What verify and import make of an artifact. */
export interface Trial {
  /** verify found something that blocks, or could not read it. */
  readonly found: boolean;
  /** import's. */
  readonly exitCode: number;
  /** Tables that import touched. */
  readonly loaded: number;
  /** All that both say of it. */
  readonly said: string;
}

/** What a damaged artifact must come to. */
export const REFUSED = { found: true, exitCode: 11, loaded: 0 } as const;

/** Verifies an artifact and imports it. */
export async function tryArtifact(artifact: string, targetUrl: string): Promise<Trial> {
  const verified = await verifyInProcess(artifact);
  const imported = await importInProcess(artifact, targetUrl);
  const tables = imported.report?.tables ?? [];
  return {
    found:
      verified.errorCode !== undefined ||
      verified.findings.some(({ severity }) => severity === 'blocking'),
    exitCode: imported.exitCode,
    loaded: tables.filter(({ state }) => state !== 'not-loaded').length,
    said: JSON.stringify([verified, imported.error]),
  };
}
