import type { VerifyReport } from '../model/reports/verify.ts';
import { formatColumns, formatCount, formatPlural } from './format.ts';

/** Which models the application's own client read, for a person; nothing without --prisma-client. */
export function summarizePrismaClient({ prismaClient }: VerifyReport): string[] {
  if (prismaClient === undefined) return [];
  const { path, models } = prismaClient;
  const failed = models.filter(({ isReadable }) => !isReadable).length;
  const rows = models.map(({ model, rowCount, rowsRead, isReadable }) => [
    `  ${model}`,
    rowCount === null ? '' : `${formatCount(rowsRead)} of ${formatPlural(rowCount, 'row')}`,
    isReadable ? 'read' : 'NOT readable',
  ]);
  return [
    ...formatColumns(rows, new Set([1])),
    failed === 0
      ? `Prisma Client ${path} reads all ${formatPlural(models.length, 'model')}: first and last rows, some in between, the ends of numbers and times, every label`
      : `Prisma Client ${path} cannot read ${failed} of ${formatPlural(models.length, 'model')}`,
  ];
}
