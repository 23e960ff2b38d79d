import { resolve } from 'node:path';

import { newRunId } from '../model/run-id.ts';
import { ToolkitError } from '../model/errors.ts';
import { quoteWord } from '../model/shell.ts';
import { parseTargetUrl } from '../target/connection-config.ts';
import { findTarget, newArtifactPath, resolveName } from './catalogue.ts';
import { withClaim } from './claims.ts';
import type { ServeConfig, ServedTarget } from './config.ts';
import { argvOf, offeredStage, type OptionValues, type ServedStage } from './offered.ts';
import type { StageRequest } from './requests.ts';
import { spawnScript } from './run-process.ts';
import { makeRunFolder, runFiles, writeWhole, type RunRecord } from './run-record.ts';
import { isAtWork } from './run-store.ts';

/** What is started, and for whom. */
export interface RunOrder {
  readonly request: StageRequest;
  readonly action: RunRecord['action'];
  /** Flags that no request sets. */
  readonly setFlags?: OptionValues;
  readonly ofRun?: string;
  readonly requestedFrom: string;
}

/**
 * Starts a script as a process of its own. Its URL's password is in the environment of that process
 * alone.
 *
 * @returns what is known of the run
 * @throws ToolkitError of kind `usage` for a name that there is not, a value that the script refuses, a
 * confirmation that is missing, a target that is in use
 */
export async function startRun(config: ServeConfig, order: RunOrder): Promise<RunRecord> {
  const { request } = order;
  const target = targetOf(config, request);
  if (request.stage === 'import') requireConfirmation(target?.name, request.confirm);
  const prepared = await prepare(config, order, target);
  const { record, argv, env } = prepared;
  const files = runFiles(config.runs, record.id);
  const claim = {
    runId: record.id,
    target: target === undefined ? null : { key: targetKey(target), name: target.name },
  };
  return withClaim(
    config,
    claim,
    (other) => isAtWork(config.runs, other),
    () => {
      makeRunFolder(files);
      const started = { ...record, process: spawnScript(record.stage, argv, files, env) };
      writeWhole(files.record, started);
      return started;
    },
  );
}

interface PreparedRun {
  readonly record: Omit<RunRecord, 'process'>;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

async function prepare(
  config: ServeConfig,
  { request, action, setFlags, ofRun, requestedFrom }: RunOrder,
  target: ServedTarget | undefined,
): Promise<PreparedRun> {
  const { stage, options, artifact: name } = request;
  const id = newRunId(new Date());
  const artifact = name === undefined ? undefined : await resolveName(config, 'artifact', name);
  const output = stage === 'export' ? outputOf(config, options) : undefined;
  const connection = target === undefined ? null : connectionOf(target, process.env);
  const given = {
    ...(await resolveOptions(config, stage, options)),
    ...(output === undefined ? {} : { out: output }),
    ...(connection === null ? {} : { target: connection.url }),
    ...(stage === 'import' && action !== 'rollback' ? { migrations: target?.migrations } : {}),
    ...setFlags,
  };
  const shown = argvOf(stage, artifact, given);
  const progressFile = resolve(runFiles(config.runs, id).events);
  const record: PreparedRun['record'] = {
    version: 1,
    id,
    stage,
    action,
    artifact: name,
    options: { ...options },
    target: target?.name,
    ofRun,
    createdAt: new Date().toISOString(),
    requestedFrom,
    command: ['npx', 'tsx', `scripts/${stage}.ts`, ...shown].map(quoteWord).join(' '),
    output,
  };
  const argv = argvOf(stage, artifact, { ...given, json: true, progressFile });
  const hidden = config.secretVariables.map((name) => [name, undefined] as const);
  return { record, argv, env: { ...Object.fromEntries(hidden), ...connection?.env } };
}

/** @throws ToolkitError of kind `usage` unless the name of what is at stake was typed */
export function requireConfirmation(name: string | undefined, typed: string | undefined): void {
  if (name === undefined || typed === name) return;
  throw new ToolkitError({
    kind: 'usage',
    code: 'confirmation-missing',
    message: 'this has to be confirmed, and was not',
    hint: `give "confirm": ${JSON.stringify(name)}`,
  });
}

function targetOf(config: ServeConfig, { options }: StageRequest): ServedTarget | undefined {
  const { target: name } = options;
  return typeof name === 'string' ? findTarget(config, name) : undefined;
}

/** Options with paths in the place of names, without the target. */
async function resolveOptions(
  config: ServeConfig,
  stage: ServedStage,
  { target: _target, ...values }: OptionValues,
): Promise<OptionValues> {
  const resolved: Record<string, OptionValues[string]> = { ...values };
  for (const { name, control } of offeredStage(stage).options) {
    const value = values[name];
    if (control.kind !== 'name-of' || control.thing === 'target' || typeof value !== 'string') {
      continue;
    }
    resolved[name] = await resolveName(config, control.thing, value);
  }
  return resolved;
}

function outputOf(config: ServeConfig, { source, out }: OptionValues): string {
  return newArtifactPath(config, String(source), typeof out === 'string' ? out : undefined);
}

/** The URL as others may see it, and what a process needs beside it. */
function connectionOf(
  { url }: ServedTarget,
  env: NodeJS.ProcessEnv,
): { readonly url: string; readonly env: Readonly<Record<string, string>> } {
  const { password } = parseTargetUrl(url, env).config;
  if (typeof password !== 'string') return { url, env: {} };
  const open = url
    .replace(/^(\w+:\/\/[^:/?#@]*):[^/?#]*@/, '$1@')
    .replace(/([?&])password=[^&#]*&?/, '$1');
  return { url: open, env: { PGPASSWORD: password } };
}

/** The same for every name and role under which a database is configured. */
function targetKey({ url }: ServedTarget): string {
  const { host, port, database, user } = parseTargetUrl(url, process.env).config;
  const where = host ?? process.env['PGHOST'] ?? 'localhost';
  const which = database ?? process.env['PGDATABASE'] ?? user ?? process.env['PGUSER'] ?? '';
  return `${where.toLowerCase()}:${port ?? process.env['PGPORT'] ?? 5432}/${which}`;
}
