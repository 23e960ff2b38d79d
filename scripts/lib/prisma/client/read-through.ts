import type { FindingCollector, FindingExample } from '../../model/findings.ts';
import type { CommandContext } from '../../model/progress.ts';
import { describeKey } from '../../model/row-key.ts';
import type { TargetCatalog, TargetTable } from '../../model/target-catalog.ts';
import type { SqliteValue } from '../../model/values.ts';
import { cancelStatement, type TargetSession } from '../../target/connect.ts';
import { describeFailure } from './failure-text.ts';
import type { ClientModel, ClientRow, GeneratedClient } from './generated-client.ts';
import type { LoadedClient } from './load-client.ts';
import { readModel, type FailedRead, type ReadPlace } from './read-model.ts';

/** How many rows of each model are read. */
export const ROWS_PER_MODEL = 10;

/** The database that a client reads. */
export interface ClientTarget {
  /** Shows the way to the database; its own session is not used. */
  readonly session: Pick<TargetSession, 'config'>;
  readonly catalog: TargetCatalog;
}

/** What was read of one model. */
export interface ReadModel {
  readonly model: string;
  readonly table: string;
  /** Null when the table could not be counted. */
  readonly rowCount: number | null;
  readonly rowsRead: number;
  readonly isReadable: boolean;
}

/**
 * Reads some rows of each model through the application's own Prisma Client, on a connection that may
 * only read. What the client cannot give to the application is a blocking finding.
 */
export async function readThroughClient(
  { client, models }: LoadedClient,
  { session, catalog }: ClientTarget,
  findings: FindingCollector,
  context: CommandContext,
): Promise<ReadModel[]> {
  const labels = enumLabels(catalog);
  const stopListening = await cancelOnAbort(client, session, context.signal);
  try {
    const read: ReadModel[] = [];
    for (const model of models) {
      const activity = context.progress.start(`${model.name} through Prisma Client`, null, {
        phase: 'prisma-client',
        table: model.table,
      });
      const table = tableOf(model, catalog);
      const reading = await readModel(model, table, ROWS_PER_MODEL, context.signal);
      activity.done();
      for (const failure of reading.failures) report(findings, model, failure, labels);
      const { rowCount, rowsRead } = reading;
      const isReadable = reading.failures.length === 0;
      read.push({ model: model.name, table: model.table, rowCount, rowsRead, isReadable });
    }
    return read;
  } finally {
    stopListening();
  }
}

/** Makes the client's one connection refuse to write, and ends its statement when the script is to stop. */
async function cancelOnAbort(
  client: GeneratedClient,
  { config }: ClientTarget['session'],
  signal: AbortSignal,
): Promise<() => void> {
  await client.$executeRawUnsafe('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY');
  const [row] = await client.$queryRawUnsafe('SELECT pg_catalog.pg_backend_pid() AS pid');
  const pid = Number(row?.['pid']);
  const cancel = (): void => void cancelStatement(config, pid);
  signal.addEventListener('abort', cancel, { once: true });
  return () => signal.removeEventListener('abort', cancel);
}

function tableOf(model: ClientModel, catalog: TargetCatalog): TargetTable | undefined {
  if (model.schema !== null && model.schema !== catalog.schema) return undefined;
  return catalog.tables.find((table) => table.name === model.table);
}

function enumLabels({ tables }: TargetCatalog): Set<string> {
  const types = tables.flatMap(({ columns }) => columns.map(({ type }) => type));
  return new Set(
    types.flatMap((type) => [...type.enumLabels, ...(type.element?.enumLabels ?? [])]),
  );
}

const GENERATE_ANEW =
  'see whether the client was generated from the schema that the target has (npx prisma generate); if it was, mend the values, or the type in the Prisma schema';
const MEND_DATES =
  'years before 1 or after 9999 and infinite times come to the application as Invalid Date: mend them in the source or in the mapping';

function report(
  findings: FindingCollector,
  model: ClientModel,
  { field, read, error }: FailedRead,
  labels: ReadonlySet<string>,
): void {
  const reason =
    error === undefined ? 'it comes as an invalid date' : describeFailure(error, labels);
  const what = field === null ? `the model ${model.name}` : `${model.name}.${field.name}`;
  findings.add(
    {
      code: 'prisma-client-read',
      severity: 'blocking',
      kind: 'data',
      message: `Prisma Client cannot read ${what}: ${reason}`,
      where: { table: model.table, ...(field === null ? {} : { column: field.column }) },
      hint: error === undefined ? MEND_DATES : GENERATE_ANEW,
    },
    exampleOf(read),
  );
}

function exampleOf(read: ReadPlace): FindingExample | undefined {
  switch (read.kind) {
    case 'row':
      return read.key === null ? undefined : { rowKey: describeClientKey(read.key) };
    case 'smallest':
    case 'largest':
      return { detail: `its ${read.kind} value` };
    case 'extremes':
      return { detail: 'its smallest or its largest value' };
    case 'each-label':
      return { detail: 'a label that a row has' };
    case 'table':
      return undefined;
    default:
      return read satisfies never;
  }
}

function describeClientKey(key: ClientRow): string {
  return describeKey(Object.keys(key), Object.values(key).map(asShown));
}

function asShown(value: unknown): SqliteValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string') {
    return value;
  }
  if (value instanceof Uint8Array) return value;
  if (value instanceof Date) return isNaN(value.getTime()) ? 'no date' : value.toISOString();
  // A Decimal is an object that JSON has as its digits.
  return JSON.stringify(value);
}
