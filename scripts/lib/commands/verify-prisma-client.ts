import { FindingCollector, inReportOrder } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import { loadClient, type LoadedClient } from '../prisma/client/load-client.ts';
import { ROWS_PER_MODEL, readThroughClient } from '../prisma/client/read-through.ts';
import { asTargetError, connectTarget, type TargetSession } from '../target/connect.ts';
import { chooseSchema, parseTargetUrl } from '../target/connection-config.ts';
import { introspectTarget } from '../target/introspect.ts';
import type { VerifyResult } from './verify.ts';

export interface PrismaClientOptions {
  /** The folder that `prisma generate` wrote, or the client's own file. */
  readonly path: string;
  /** URL of the PostgreSQL database. */
  readonly target: string;
  /** Overrides the URL's `?schema=`. */
  readonly schema?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** The application name of the session that reads: how a DBA tells it. */
const APPLICATION = 'sqlite-migration prisma client';

/**
 * Verifies an artifact, and reads the target through the application's own Prisma Client. Whether that
 * can be loaded is looked at first.
 *
 * @param verify everything else that is to be verified
 * @throws ToolkitError of kind `usage` when the client cannot be loaded, of kind `target` when the
 * target cannot be reached
 */
export async function verifyWithPrismaClient(
  options: PrismaClientOptions,
  verify: () => Promise<VerifyResult>,
  context: CommandContext,
): Promise<VerifyResult> {
  const address = parseTargetUrl(options.target, options.env);
  const schema = chooseSchema(options.schema, address);
  const session = await connectTarget(address, APPLICATION, context.signal);
  try {
    const loaded = await loadClient({ path: options.path, config: session.config, schema });
    try {
      const verified = await verify();
      const { models, findings } = await readAll(loaded, session, schema, context);
      return {
        ...verified,
        prismaClient: { path: options.path, rowsPerModel: ROWS_PER_MODEL, models },
        findings: inReportOrder([...verified.findings, ...findings.list()]),
      };
    } finally {
      await loaded.client.$disconnect();
    }
  } finally {
    await session.close();
  }
}

async function readAll(
  loaded: LoadedClient,
  session: TargetSession,
  schema: string,
  context: CommandContext,
): Promise<{
  readonly models: NonNullable<VerifyResult['prismaClient']>['models'];
  readonly findings: FindingCollector;
}> {
  const findings = new FindingCollector();
  try {
    const catalog = await introspectTarget(session.client, schema);
    context.progress.note('reading the target through Prisma Client');
    const models = await readThroughClient(loaded, { session, catalog }, findings, context);
    return { models, findings };
  } catch (error) {
    throw context.signal.aborted ? error : asTargetError(error, session.label);
  }
}
