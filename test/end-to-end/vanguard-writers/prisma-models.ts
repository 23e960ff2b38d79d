/** A column of a model: how the application calls it, and how the database does. */
interface ModelField {
  readonly name: string;
  readonly column: string;
  /** A Prisma scalar type, or the name of an enum. */
  readonly type: string;
}

/** A reference to one row of another model, or none. */
export interface ModelRelation {
  readonly name: string;
  readonly model: string;
  /** Fields of this model, and the fields of the other that they are equal to. */
  readonly fields: readonly string[];
  readonly references: readonly string[];
}

/** A model of a Prisma schema. */
export interface Model {
  readonly name: string;
  /** Its name as a property of the client. */
  readonly delegate: string;
  readonly table: string;
  readonly fields: readonly ModelField[];
  readonly relations: readonly ModelRelation[];
}

/** The models and enums of a Prisma schema. */
export interface SchemaModels {
  readonly models: readonly Model[];
  /** Per enum, the name of each value by the label that the database holds. */
  readonly enums: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Reads the models of a schema in the form that `prisma format` gives it, every model with `@@map`. */
export function parseModels(schema: string): SchemaModels {
  const enums = new Map(
    blocks(schema, 'enum').map(([name, lines]) => [name, labelsOf(lines)] as const),
  );
  const models = blocks(schema, 'model').map(([name, lines]) => parseModel(name, lines, enums));
  return { models, enums };
}

function blocks(schema: string, kind: string): [name: string, lines: string[]][] {
  const found = schema.matchAll(new RegExp(`^${kind} (\\w+) \\{\\n(.*?)^\\}`, 'gms'));
  return [...found].map(([, name = '', body = '']) => [name, body.split('\n')]);
}

function labelsOf(lines: readonly string[]): Map<string, string> {
  const values = lines.flatMap((line) => {
    const match = /^ {2}(\w+)(?: +@map\("([^"]+)"\))?$/.exec(line);
    return match?.[1] === undefined ? [] : [[match[2] ?? match[1], match[1]] as const];
  });
  return new Map(values);
}

const SCALARS = /^(?:String|Boolean|Int|BigInt|Float|Decimal|DateTime|Json|Bytes)$/;

function parseModel(
  name: string,
  lines: readonly string[],
  enums: ReadonlyMap<string, unknown>,
): Model {
  const fields: ModelField[] = [];
  const relations: ModelRelation[] = [];
  for (const line of lines) {
    const [, field, type, attributes = ''] = /^ {2}(\w+) +(\w+)\S*(.*)$/.exec(line) ?? [];
    if (field === undefined || type === undefined) continue;
    if (SCALARS.test(type) || enums.has(type)) {
      fields.push({
        name: field,
        column: /@map\("([^"]+)"\)/.exec(attributes)?.[1] ?? field,
        type,
      });
    } else if (attributes.includes('fields: [')) {
      const named = (list: string): string[] =>
        (new RegExp(`${list}: \\[([^\\]]+)\\]`).exec(attributes)?.[1] ?? '').split(', ');
      relations.push({
        name: field,
        model: type,
        fields: named('fields'),
        references: named('references'),
      });
    }
  }
  return {
    name,
    delegate: `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`,
    table: /@@map\("([^"]+)"\)/.exec(lines.join('\n'))?.[1] ?? name,
    fields,
    relations,
  };
}
