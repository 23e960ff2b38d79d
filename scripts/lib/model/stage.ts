/**
 * What a script did with an artifact: the last part of the name under which its report is kept. Each
 * begins with the name of the script, but for a restore, which is import's.
 */
export const STAGES = [
  'export',
  'export-from',
  'verify',
  'verify-target',
  'verify-sample',
  'verify-source',
  'verify-baseline',
  'import',
  'import-dry-run',
  'restore',
  'restore-dry-run',
] as const;

export type Stage = (typeof STAGES)[number];

/** The script that a stage belongs to. */
export function scriptOfStage(stage: Stage): string {
  const [first = ''] = stage.split('-');
  return first === 'restore' ? 'import' : first;
}
