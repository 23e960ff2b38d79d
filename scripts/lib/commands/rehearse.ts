import { basename, join } from 'node:path';

import { artifactFolderName } from '../artifact/paths.ts';
import { DRAFT_FILES } from '../draft/files.ts';
import { readMapping } from '../mapping/file/read.ts';
import { ToolkitError } from '../model/errors.ts';
import type { CommandContext } from '../model/progress.ts';
import type { CommandResult } from '../model/reports/parts.ts';
import type { RehearseReport } from '../model/reports/rehearse.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../postgres/embedded.ts';
import { splitPassword } from '../postgres/url.ts';
import { findKeptServer, rememberServer, stopRememberedServer } from '../rehearsal/kept-server.ts';
import { openPrismaProject, type PrismaProject } from '../rehearsal/prisma-project.ts';
import {
  prismaStep,
  runStep,
  scriptStep,
  type Step,
  type StepResult,
} from '../rehearsal/run-step.ts';
import { DEFAULT_SAMPLE_FILE } from '../sample/build.ts';

export interface RehearseOptions {
  /** The user's own database; the sample is built when absent. */
  readonly source?: string | undefined;
  readonly prismaSchema?: string | undefined;
  /** A mapping file for analyze, verify and import. */
  readonly mapping?: string | undefined;
  /** Rows for the sample's large tables. */
  readonly rows: number;
  /** Leave the server running. */
  readonly keep: boolean;
  /** Only stop the server that was left running. */
  readonly stop: boolean;
}

type RehearseResult = CommandResult<RehearseReport>;

const DATABASE = 'rehearsal';

/**
 * Runs all four stages into an embedded PostgreSQL, each script as a process of its own, as a person
 * would by hand. Stops at the first one that fails.
 */
export async function rehearse(
  options: RehearseOptions,
  context: CommandContext,
): Promise<RehearseResult> {
  if (options.stop) {
    await stopRememberedServer();
    return { artifact: null, server: null, steps: [], findings: [] };
  }
  refuseMappingOfNothing(options);
  const project =
    options.prismaSchema === undefined ? null : await openPrismaProject(options.prismaSchema);
  // Before a server is started for a file that cannot be used.
  if (options.mapping !== undefined) await readMapping(options.mapping);
  if (options.keep) await refuseSecondServer();
  const steps: StepResult[] = [];
  const run = async (step: Step): Promise<boolean> => {
    context.signal.throwIfAborted();
    context.progress.note(`\n$ ${step.shown}`);
    const result = await runStep(step);
    context.signal.throwIfAborted();
    context.progress.note(`(exit ${result.exitCode}, ${(result.elapsedMs / 1000).toFixed(1)} s)`);
    steps.push(result);
    return result.exitCode === 0;
  };
  const source = options.source ?? DEFAULT_SAMPLE_FILE;
  const artifact = join('exports', artifactFolderName(basename(source), new Date()));
  if (options.source === undefined && !(await run(sampleStep(options.rows)))) {
    return { artifact: null, server: null, steps, findings: [] };
  }
  context.progress.note('\nstarting an embedded PostgreSQL…');
  const server = await startEmbeddedPostgres({ keepRunning: options.keep });
  let isKept = false;
  try {
    const url = await server.createDatabase(DATABASE);
    context.progress.note(`PostgreSQL ${server.version} runs at ${labelOf(server)}`);
    const isDrafting = options.source !== undefined && project === null;
    const stages = isDrafting
      ? [draftStep(source), ...stagesOf(source, artifact, url, DRAFTED_PROJECT, DRAFTED_MAPPING)]
      : stagesOf(source, artifact, url, project, options.mapping);
    for (const step of stages) if (!(await run(step))) break;
    if (options.keep) {
      await rememberServer(server.dataDirectory, url);
      isKept = true;
    }
    const isExported = steps.some(
      (step) => step.exitCode === 0 && / scripts\/export\.ts /.test(step.command),
    );
    return {
      artifact: isExported ? artifact : null,
      server: { label: labelOf(server), isKept },
      steps,
      findings: [],
    };
  } finally {
    if (!isKept) await server.stop();
  }
}

/** Where a schema is drafted when none is named. */
const DRAFT_FOLDER = join('exports', 'rehearsal', 'draft');
const DRAFTED_PROJECT: PrismaProject = {
  schema: join(DRAFT_FOLDER, DRAFT_FILES.schema),
  migrations: join(DRAFT_FOLDER, DRAFT_FILES.migrations),
};
const DRAFTED_MAPPING = join(DRAFT_FOLDER, DRAFT_FILES.mapping);

/** The folder is the rehearsal's own. */
function draftStep(source: string): Step {
  const draft = ['--draft', DRAFT_FOLDER, '--migration', '--force'];
  return scriptStep('analyze', ['--source', source, ...draft]);
}

function refuseMappingOfNothing({ source, prismaSchema, mapping }: RehearseOptions): void {
  if (source === undefined || prismaSchema !== undefined || mapping === undefined) return;
  throw new ToolkitError({
    kind: 'usage',
    code: 'usage',
    message:
      '--mapping goes with --prisma-schema: without one a schema is drafted, with a mapping of its own',
  });
}

function sampleStep(rows: number): Step {
  return scriptStep('build-sample', rows === 0 ? [] : ['--rows', String(rows)]);
}

/** Everything after the draft, if there is one; its analysis was the first step then. */
function stagesOf(
  source: string,
  artifact: string,
  url: string,
  project: PrismaProject | null,
  mappingFile: string | undefined,
): Step[] {
  const target = { DATABASE_URL: url };
  const schema = project === null ? [] : ['--schema', project.schema];
  const migrations = project === null ? [] : ['--migrations', project.migrations];
  const mapping = mappingFile === undefined ? [] : ['--mapping', mappingFile];
  return [
    prismaStep(['migrate', 'deploy', ...schema], target),
    // The CLI's own word for it, because a deploy whose engine died exits with 0.
    prismaStep(['migrate', 'status', ...schema], target),
    ...(project === DRAFTED_PROJECT
      ? []
      : [scriptStep('analyze', ['--source', source, ...mapping])]),
    scriptStep('export', ['--source', source, '--out', artifact]),
    scriptStep('verify', [artifact, ...mapping]),
    scriptStep('import', [artifact, ...migrations, ...mapping], target),
    proofStep(artifact, url, mapping),
  ];
}

/** Compares every value. */
function proofStep(artifact: string, url: string, mapping: readonly string[]): Step {
  const { address, password } = splitPassword(url);
  return scriptStep('verify', [artifact, '--target', address, ...mapping], {
    PGPASSWORD: password,
  });
}

function labelOf(server: EmbeddedPostgres): string {
  return `127.0.0.1:${server.port}, database ${DATABASE}`;
}

async function refuseSecondServer(): Promise<void> {
  if ((await findKeptServer()) === undefined) return;
  throw new ToolkitError({
    kind: 'usage',
    code: 'server-kept',
    message: 'an earlier rehearsal left its server running: npm run rehearse -- --stop ends it',
  });
}
