import * as z from 'zod';

type Schema = z.core.JSONSchema.BaseSchema;

/** One field of a JSON document. */
export interface SchemaField {
  /** Where it stands: `tables[].name` is the `name` of each element of `tables`. */
  readonly path: string;
  /** Its type in words. */
  readonly type: string;
  readonly isOptional: boolean;
  readonly description: string;
}

/** Every field of the object that a zod schema describes, in its order, those of nested objects after their parent. */
export function schemaFields(schema: z.ZodObject): SchemaField[] {
  return fieldsOf(z.toJSONSchema(schema), '');
}

function fieldsOf(object: Schema, prefix: string): SchemaField[] {
  return Object.entries(object.properties ?? {}).flatMap(([name, value]) => {
    const schema = asSchema(value);
    const path = `${prefix}${name}`;
    const field: SchemaField = {
      path,
      type: typeOf(schema),
      isOptional: object.required?.includes(name) !== true,
      description: schema.description ?? '',
    };
    return [field, ...fieldsOf(...nestedObject(schema, path))];
  });
}

/** The object inside a field and what its fields' paths begin with. */
function nestedObject(schema: Schema, path: string): [Schema, string] {
  const { value } = withoutNull(schema);
  return value.type === 'array' ? nestedObject(itemsOf(value), `${path}[]`) : [value, `${path}.`];
}

function typeOf(schema: Schema): string {
  const { value, isNullable } = withoutNull(schema);
  return plainTypeOf(value) + (isNullable ? ' or null' : '');
}

function plainTypeOf(schema: Schema): string {
  if (schema.enum !== undefined)
    return schema.enum.map((label) => `\`${String(label)}\``).join(', ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.type === 'array') return `list of ${plural(typeOf(itemsOf(schema)))}`;
  if (schema.format === 'date-time') return 'time, ISO 8601';
  return typeof schema.type === 'string' ? schema.type : 'any';
}

function plural(type: string): string {
  return type.startsWith('list') ? type.replace('list', 'lists') : `${type}s`;
}

/** zod writes null beside a plain type as a list of types, and beside anything else as a choice. */
function withoutNull(schema: Schema): { value: Schema; isNullable: boolean } {
  const types: readonly unknown[] = Array.isArray(schema.type) ? schema.type : [];
  const plain = types.find((type) => type !== 'null');
  if (types.includes('null') && typeof plain === 'string') {
    return { value: { ...schema, type: plain as 'string' }, isNullable: true };
  }
  const choices = (schema.anyOf ?? []).map(asSchema);
  const value = choices.find((choice) => choice.type !== 'null');
  return value === undefined
    ? { value: schema, isNullable: false }
    : { value, isNullable: choices.length > 1 };
}

function itemsOf(schema: Schema): Schema {
  return Array.isArray(schema.items) ? {} : asSchema(schema.items ?? {});
}

function asSchema(schema: z.core.JSONSchema._JSONSchema): Schema {
  return typeof schema === 'boolean' ? {} : schema;
}
