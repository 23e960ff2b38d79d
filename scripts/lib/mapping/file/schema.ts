import * as z from 'zod';

import { conditionSchema } from './conditions.ts';
import { conversionSchema } from './conversions.ts';
import { policySchema } from './policies.ts';
import { scalarSchema } from './scalars.ts';

/** Raised only when an older toolkit would misread the file. */
const MAPPING_VERSION = 1;

const reason = z.string().min(1).describe('why; it goes into the report');

const columnSchema = z.strictObject({
  target: z.string().optional().describe('the column of the target that it goes to'),
  drop: reason.optional().describe('why the column is left out; it goes into the report'),
  convert: z
    .union([conversionSchema, z.array(conversionSchema)])
    .optional()
    .describe(
      "what is done to its values, in this order, before they meet the target's type; one conversion or a list",
    ),
  policies: z
    .array(policySchema)
    .optional()
    .describe('what may be done to values that do not fit; without it they stop the import'),
});

const additionSchema = z.union(
  [
    z.strictObject({ constant: scalarSchema.describe('the value that every row gets') }),
    z.strictObject({ default: z.literal(true).describe("the column's own default fills it") }),
  ],
  { error: 'must be {"constant": …} or {"default": true}' },
);

const referenceSchema = z.strictObject({
  columns: z.array(z.string()).min(1).describe('columns of the source table'),
  table: z.string().describe('the table of the target that has the parents'),
  key: z.array(z.string()).min(1).describe('the columns of that table that they refer to'),
});

const tableSchema = z.strictObject({
  target: z.string().optional().describe('the table of the target that it goes to'),
  skip: reason.optional().describe('why the table is left out; it goes into the report'),
  where: z
    .array(conditionSchema)
    .optional()
    .describe('rows for which all conditions hold are loaded; the others are counted'),
  columns: z
    .record(z.string(), columnSchema)
    .optional()
    .describe('columns of the source by name; those that are not named go by their names'),
  add: z
    .record(z.string(), additionSchema)
    .optional()
    .describe('columns of the target that have no source'),
  references: z
    .array(referenceSchema)
    .optional()
    .describe('references to rows of the target that this source does not bring'),
});

/** The mapping file, as `--mapping` takes it. */
export const mappingFileSchema = z.strictObject({
  $schema: z.string().optional().describe('where this schema is, for editors'),
  version: z.literal(MAPPING_VERSION, {
    error: ({ input }) =>
      input === undefined
        ? `is missing: write "version": ${MAPPING_VERSION}`
        : `this toolkit reads mappings of version ${MAPPING_VERSION}`,
  }),
  namespaces: z
    .record(z.string(), z.guid('is not a UUID'))
    .optional()
    .describe('names for the namespaces of uuid_v5, each a UUID of your own'),
  set: z
    .record(z.string(), scalarSchema)
    .optional()
    .describe(
      'columns of the target that have this value in every row of this source, in every table that has such a column: by them its rows are told from those of other sources',
    ),
  tables: z
    .record(z.string(), tableSchema)
    .describe('tables of the source by name; those that are not named go by their names'),
});

/** The keys that an object at this place of a mapping may have. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  const [, , part, last] = path;
  if (path.length === 0) return Object.keys(mappingFileSchema.shape);
  if (part === 'references') return Object.keys(referenceSchema.shape);
  return Object.keys(last === undefined ? tableSchema.shape : columnSchema.shape);
}

/** For a mapping as a TypeScript module: `export default { … } satisfies MappingFile`. */
export type MappingFile = z.input<typeof mappingFileSchema>;
export type MappedTable = z.infer<typeof tableSchema>;
export type MappedColumn = z.infer<typeof columnSchema>;
export type MappedReference = z.infer<typeof referenceSchema>;
export type { Condition } from './conditions.ts';
export type { Conversion } from './conversions.ts';
export type { Policy } from './policies.ts';
export type { Scalar } from './scalars.ts';
