import * as z from 'zod';

import { findingSchema } from '../model/findings.ts';
import { ToolkitError } from '../model/errors.ts';
import { errorSchema } from '../model/reports/parts.ts';
import { readEnd } from './event-lines.ts';
import {
  API,
  JSON_TYPE,
  type Answer,
  type Call,
  type Operation,
  type Surroundings,
} from './operation.ts';
import { recommend } from './recommendations.ts';
import {
  dryRunRequestSchema,
  resumeRequestSchema,
  rollbackRequestSchema,
  startRequestSchema,
  stopRequestSchema,
  validateRequestSchema,
  type StageRequest,
} from './requests.ts';
import { interrupt } from './run-process.ts';
import type { RunRecord } from './run-record.ts';
import { anyReportSchema, hasEnded, statusSchema, type RunStatus } from './run-status.ts';
import { sendEvents } from './sse.ts';
import { requireConfirmation, startRun, type RunOrder } from './start-run.ts';

const MAX_LOG_BYTES = 128 * 1024;

const startedSchema = z.object({
  id: z.string().describe('name of the run'),
  status: z.string().describe('where it says how it stands'),
});

const listedSchema = statusSchema.omit({ tables: true });

const summarySchema = z.object({
  id: z.string(),
  stage: statusSchema.shape.stage,
  action: statusSchema.shape.action,
  state: statusSchema.shape.state,
  exitCode: statusSchema.shape.exitCode,
  elapsedSeconds: statusSchema.shape.elapsedSeconds,
  rows: statusSchema.shape.rows,
  tables: z.number().int().describe('tables of the report; before its end those of the phase'),
  output: statusSchema.shape.output,
  errors: z.array(errorSchema),
  findings: z.array(findingSchema).describe('as in the report'),
  recommendations: z.array(z.string()).describe('what to do next, the most urgent first'),
});

const accepted = { status: 202, type: JSON_TYPE, schema: startedSchema };

/** Everything about runs: they are started, watched, resumed, taken back. */
export const RUN_OPERATIONS: readonly Operation[] = [
  {
    method: 'GET',
    path: API,
    summary: 'the runs that there are, the latest first',
    response: { status: 200, type: JSON_TYPE, schema: z.object({ runs: z.array(listedSchema) }) },
    handle: async (_call, { store }) => json({ runs: await store.list() }),
  },
  {
    method: 'POST',
    path: `${API}/start`,
    summary: 'starts a stage: one of the scripts, with its flags as options',
    body: startRequestSchema,
    response: accepted,
    handle: async ({ body, requestedFrom }, { config }) =>
      start(config, { request: body as StageRequest, action: 'start', requestedFrom }),
  },
  {
    method: 'POST',
    path: `${API}/dry-run`,
    summary: 'imports an artifact in one transaction and rolls that back',
    body: dryRunRequestSchema,
    response: accepted,
    handle: async ({ body, requestedFrom }, { config }) =>
      start(config, {
        request: { ...(body as StageRequest), stage: 'import' },
        action: 'dry-run',
        setFlags: { dryRun: true },
        requestedFrom,
      }),
  },
  {
    method: 'POST',
    path: `${API}/validate`,
    summary: 'verifies an artifact, with a target also what that holds',
    body: validateRequestSchema,
    response: accepted,
    handle: async ({ body, requestedFrom }, { config }) =>
      start(config, {
        request: { ...(body as StageRequest), stage: 'verify' },
        action: 'validate',
        requestedFrom,
      }),
  },
  {
    method: 'GET',
    path: `${API}/:id/status`,
    summary: 'how a run stands: state, percentage, rows, rate, time left, tables, errors',
    response: { status: 200, type: JSON_TYPE, schema: statusSchema },
    handle: async (call, { store }) => json(await store.status(idOf(call))),
  },
  {
    method: 'GET',
    path: `${API}/:id/summary`,
    summary: 'what came of a run, and what to do next',
    response: { status: 200, type: JSON_TYPE, schema: summarySchema },
    handle: async (call, { store }) => {
      const status = await store.status(idOf(call));
      return json(summarize(status, store.report(status.id)));
    },
  },
  {
    method: 'GET',
    path: `${API}/:id/report`,
    summary: "the script's own JSON report, once the run has ended",
    response: { status: 200, type: JSON_TYPE, schema: anyReportSchema },
    handle: async (call, { store }) => {
      const status = await store.status(idOf(call));
      const report = store.report(status.id);
      if (report === null)
        throw conflict('run-at-work', 'the run has no report yet', 'wait for its end');
      return json(report);
    },
  },
  {
    method: 'GET',
    path: `${API}/:id/log`,
    summary: 'the end of what a person would have read, 128 KiB at most',
    response: { status: 200, type: 'text/plain; charset=utf-8' },
    handle: async (call, { store }) => {
      const { id } = store.record(idOf(call));
      const body = await readEnd(store.files(id).log, MAX_LOG_BYTES);
      return { kind: 'text', body, type: 'text/plain; charset=utf-8' };
    },
  },
  {
    method: 'GET',
    path: `${API}/:id/events`,
    summary:
      'the progress events as server-sent events, from `Last-Event-ID` on; the last one is `end`',
    response: { status: 200, type: 'text/event-stream' },
    handle: async (call, { store, signal }) => {
      const { id } = store.record(idOf(call));
      const isOver = async (): Promise<boolean> => hasEnded((await store.status(id)).state);
      const from = Number(call.lastEventId ?? 0);
      return {
        kind: 'stream',
        write: async (response) =>
          sendEvents(response, { file: store.files(id).events, from, isOver, signal }),
      };
    },
  },
  {
    method: 'POST',
    path: `${API}/:id/resume`,
    summary: 'runs the same again; an import goes on with the tables that are not committed',
    body: resumeRequestSchema,
    response: accepted,
    handle: resume,
  },
  {
    method: 'POST',
    path: `${API}/:id/rollback`,
    summary: 'takes back what the import loaded, in one transaction',
    body: rollbackRequestSchema,
    response: accepted,
    handle: rollBack,
  },
  {
    method: 'POST',
    path: `${API}/:id/stop`,
    summary: 'asks a run to stop cleanly, as Ctrl-C does',
    body: stopRequestSchema,
    response: { status: 202, type: JSON_TYPE, schema: startedSchema },
    handle: async (call, { store }) => {
      const record = store.record(idOf(call));
      requireConfirmation(record.id, (call.body as z.infer<typeof stopRequestSchema>).confirm);
      const { state } = await store.status(record.id);
      if (hasEnded(state) || !interrupt(record.process)) {
        throw conflict('run-over', 'the run has ended already', 'look at its summary');
      }
      return started(record);
    },
  },
];

function summarize(
  status: RunStatus,
  report: z.infer<typeof anyReportSchema> | null,
): z.infer<typeof summarySchema> {
  const { id, stage, action, state, exitCode, elapsedSeconds, rows, output, errors } = status;
  const findings = report?.findings ?? [];
  const tables = Array.isArray(report?.['tables']) ? report['tables'].length : status.tables.length;
  const recommendations = recommend(status, findings);
  return {
    id,
    stage,
    action,
    state,
    exitCode,
    elapsedSeconds,
    rows,
    tables,
    output,
    errors,
    findings,
    recommendations,
  };
}

async function resume(call: Call, { config, store }: Surroundings): Promise<Answer> {
  const status = await store.status(idOf(call));
  refuseAtWork(status);
  const { id, stage, artifact, options } = store.record(status.id);
  if (!status.mayResume) {
    throw conflict('nothing-to-resume', 'the run left nothing to go on with', 'start a new one');
  }
  const { confirm } = call.body as z.infer<typeof resumeRequestSchema>;
  // It would leave the unfinished run as it is.
  const { restart: _restart, ...again } = options;
  const request = { stage, artifact, options: again, confirm };
  return start(config, { request, action: 'resume', ofRun: id, requestedFrom: call.requestedFrom });
}

async function rollBack(call: Call, { config, store }: Surroundings): Promise<Answer> {
  const status = await store.status(idOf(call));
  refuseAtWork(status);
  const { id, journalRunId: rollback, target } = status;
  if (!status.mayRollBack || rollback === null || target === null) {
    throw conflict(
      'nothing-to-roll-back',
      'the run has loaded nothing that could be taken back',
      'only an import that began to load can be',
    );
  }
  const { confirm, force = false } = call.body as z.infer<typeof rollbackRequestSchema>;
  return start(config, {
    request: { stage: 'import', options: { target }, confirm },
    action: 'rollback',
    setFlags: { rollback, force },
    ofRun: id,
    requestedFrom: call.requestedFrom,
  });
}

function refuseAtWork({ state }: RunStatus): void {
  if (hasEnded(state)) return;
  throw conflict('run-at-work', 'the run is still at work', 'wait for its end, or stop it');
}

async function start(config: Surroundings['config'], order: RunOrder): Promise<Answer> {
  return started(await startRun(config, order));
}

function started({ id }: RunRecord): Answer {
  const status = `${API}/${id}/status`;
  return { kind: 'json', body: { id, status }, status: 202, location: status };
}

function idOf({ params }: Call): string {
  return params['id'] ?? '';
}

function json(body: unknown): Answer {
  return { kind: 'json', body };
}

function conflict(code: string, message: string, hint: string): ToolkitError {
  return new ToolkitError({ kind: 'usage', code, message, hint });
}
