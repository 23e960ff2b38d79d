import type { CreateMigrationInput, SchemaEngine } from '@prisma/schema-engine-wasm';
import * as z from 'zod';
import { toMigrationError } from './migration-failure.ts';
import type { EngineSession } from './session.ts';

/** The JSON-RPC methods that are methods of the same name on the WebAssembly engine. */
const ENGINE_METHODS = [
  'applyMigrations',
  'createMigration',
  'dbExecute',
  'debugPanic',
  'devDiagnostic',
  'diagnoseMigrationHistory',
  'diff',
  'ensureConnectionValidity',
  'evaluateDataLoss',
  'introspect',
  'introspectSql',
  'markMigrationApplied',
  'markMigrationRolledBack',
  'reset',
  'schemaPush',
] as const satisfies readonly (keyof SchemaEngine)[];

const diffTargetSchema = z.object({ tag: z.string() });
const diffParamsSchema = z.object({ from: diffTargetSchema, to: diffTargetSchema });
const diffResultSchema = z.looseObject({ stdout: z.string().nullish() });

/** What a method has come to. */
export interface MethodOutcome {
  readonly result: unknown;
  /** Text that the CLI shall write to its stdout before it gets the result. */
  readonly print?: string;
}

/** @throws what the engine throws, and an Error for a method that it does not have */
export async function callMethod(
  session: EngineSession,
  method: string,
  params: unknown,
): Promise<MethodOutcome> {
  if (method === 'getDatabaseVersion') {
    const engine = await session.connected();
    return { result: await engine.version(undefined) };
  }
  const name = ENGINE_METHODS.find((known) => known === method);
  if (name === undefined) throw new Error(`The schema engine has no method ${method}.`);
  const isOffline = name === 'diff' && comparesOnlyFiles(params);
  const engine = isOffline ? await session.offline() : await session.connected();
  // The engine checks the parameters itself; the CLI and it come from the same release.
  const call = engine[name] as (this: SchemaEngine, params: unknown) => unknown;
  try {
    if (name === 'evaluateDataLoss' || name === 'createMigration') {
      await replayMigrations(engine, params);
    }
    const result = await call.call(engine, params);
    return name === 'diff' ? toDiffOutcome(result) : { result };
  } catch (error) {
    const failure = name === 'applyMigrations' ? session.scriptFailure : undefined;
    throw (failure && toMigrationError(params, failure)) ?? error;
  }
}

/**
 * The two methods that follow in `migrate dev` know the migrations' outcome only from a memory that the diagnosis
 * fills, for they have no shadow database of their own; and migrations may have been applied since the last one.
 */
async function replayMigrations(engine: SchemaEngine, params: unknown): Promise<void> {
  const { migrationsList, filters } = params as CreateMigrationInput;
  await engine.devDiagnostic({ migrationsList, filters });
}

function comparesOnlyFiles(params: unknown): boolean {
  const parsed = diffParamsSchema.safeParse(params);
  if (!parsed.success) return false;
  const { from, to } = parsed.data;
  return [from.tag, to.tag].every((tag) => tag === 'empty' || tag === 'schemaDatamodel');
}

/** Prisma's own engine prints the difference through the CLI and leaves it out of the result. */
function toDiffOutcome(result: unknown): MethodOutcome {
  const { stdout, ...rest } = diffResultSchema.parse(result);
  if (stdout === undefined || stdout === null) return { result: rest };
  return { result: { ...rest, stdout: null }, print: stdout.replace(/\n$/, '') };
}
