import * as z from 'zod';

import { NAMED_CONVERSIONS, namedConversionSchema } from '../mapping/file/conversions.ts';
import { POLICIES, policySchema } from '../mapping/file/policies.ts';
import { mappingFileSchema } from '../mapping/file/schema.ts';

/** Where the JSON Schema of the mapping file is, for the `$schema` of mapping files. */
export const MAPPING_SCHEMA_FILE = 'scripts/mapping.schema.json';

/**
 * The JSON Schema of the mapping file, by which an editor completes and checks it: draft 7, the one
 * that editors know best.
 */
export function mappingSchema(): string {
  const schema = z.toJSONSchema(mappingFileSchema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // A whole number of any size is one to JSON.
      if (zodSchema instanceof z.ZodBigInt) jsonSchema.type = 'integer';
      if (zodSchema === namedConversionSchema) describeWords(jsonSchema, NAMED_CONVERSIONS);
      if (zodSchema === policySchema) describeWords(jsonSchema, POLICIES);
    },
  });
  return JSON.stringify({
    title: 'Mapping of a SQLite database to a PostgreSQL schema',
    ...schema,
  });
}

/** Editors show what stands beside each word of a choice, and nothing for the words of an `enum`. */
function describeWords(
  schema: z.core.JSONSchema.BaseSchema,
  words: Readonly<Record<string, string>>,
): void {
  delete schema.type;
  delete schema.enum;
  schema.anyOf = Object.entries(words).map(([word, description]) => ({ const: word, description }));
}
