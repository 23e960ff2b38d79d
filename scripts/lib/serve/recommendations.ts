import type { Finding } from '../model/findings.ts';
import type { RunStatus } from './run-status.ts';

const MAX_RECOMMENDATIONS = 20;

/** What to do after a run: first what stands in the way, then the next step. */
export function recommend(status: RunStatus, findings: readonly Finding[]): string[] {
  const hints = [
    ...status.errors.flatMap(({ hint }) => hint ?? []),
    ...findings
      .filter(({ severity }) => severity === 'blocking')
      .flatMap(({ where: { table }, hint }) =>
        hint === undefined ? [] : table === undefined ? hint : `${table}: ${hint}`,
      ),
  ];
  const all = [...new Set([...hints, ...nextSteps(status)])];
  const shown = all.slice(0, MAX_RECOMMENDATIONS);
  return all.length > shown.length
    ? [...shown, `${all.length - shown.length} more stand in the report`]
    : shown;
}

function nextSteps(status: RunStatus): string[] {
  const { state, isStalled, mayResume, stage } = status;
  if (isStalled)
    return ['look at the log and at the locks of the target; stop the run if it hangs'];
  switch (state) {
    case 'starting':
    case 'running':
      return ['wait for its end'];
    case 'succeeded':
      return afterSuccess(status);
    case 'findings':
      return ['mend what was found, or map it, and run the stage again'];
    case 'failed':
    case 'interrupted':
    case 'lost':
      return mayResume && stage === 'import' ? ['resume it once the cause is gone'] : [];
    default:
      return state satisfies never;
  }
}

function afterSuccess({ stage, action, output, target }: RunStatus): string[] {
  switch (stage) {
    case 'analyze':
      return ['export the source'];
    case 'export':
      return [`verify the artifact ${output ?? ''}`.trim()];
    case 'verify':
      return target === null ? ['try the import as a dry run'] : [];
    case 'import':
      if (action === 'rollback') return ['look at the target before the next import'];
      return action === 'dry-run'
        ? ['import the artifact into the same target']
        : ['verify the artifact against the target: every value is compared'];
    default:
      return [];
  }
}
