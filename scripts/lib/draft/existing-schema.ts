import { matchName } from '../mapping/match-names.ts';
import type { DraftedSchema } from './model.ts';

/** A model of an existing schema: the names of its table and columns in the database. */
export interface ExistingModel {
  readonly name: string;
  readonly columns: readonly { readonly name: string }[];
}

const MODEL = /^model\s+(\w+)\s*\{([^]*?)^\}/gm;
const FIELD = /^\s*([A-Za-z]\w*)\s+\w+(?:\[\]|\?)?(.*)$/;
const MAPPED = /@map\(\s*(?:name:\s*)?("(?:[^"\\]|\\.)*")/;
const MODEL_MAPPED = /@@map\(\s*(?:name:\s*)?("(?:[^"\\]|\\.)*")/;

/** The models of a Prisma schema by the names that the database has for them. */
export function readExistingModels(schema: string): ExistingModel[] {
  const uncommented = schema.replaceAll(/^\s*\/\/.*$/gm, '');
  return [...uncommented.matchAll(MODEL)].map(([, model = '', body = '']) => ({
    name: nameIn(MODEL_MAPPED.exec(body), model),
    columns: body.split('\n').flatMap((line) => {
      const [, field, rest = ''] = FIELD.exec(line) ?? [];
      return field === undefined ? [] : [{ name: nameIn(MAPPED.exec(rest), field) }];
    }),
  }));
}

function nameIn(match: RegExpExecArray | null, otherwise: string): string {
  const [, quoted] = match ?? [];
  return quoted === undefined ? otherwise : (JSON.parse(quoted) as string);
}

/** Tables and columns of the draft that an existing schema does not have, as `table` or `table.column`. */
export function missingFrom(models: readonly ExistingModel[], { tables }: DraftedSchema): string[] {
  return tables.flatMap(({ databaseName, source, columns }) => {
    const match = matchName(databaseName, models);
    if (match.kind !== 'one') return [source.name];
    return columns
      .filter((column) => matchName(column.databaseName, match.item.columns).kind === 'none')
      .map((column) => `${source.name}.${column.source.name}`);
  });
}
