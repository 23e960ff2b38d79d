import * as z from 'zod';

import type { ClientModel, GeneratedClient, ModelDelegate } from './generated-client.ts';

/**
 * What both generators of Prisma 7 put into every client. The client has it under a private name,
 * for its own use; there is no public one since the `prisma-client` generator has no DMMF.
 */
const runtimeDataModelSchema = z.object({
  _runtimeDataModel: z.object({
    models: z.record(
      z.string(),
      z.object({
        dbName: z.string().nullish(),
        schema: z.string().nullish(),
        fields: z.array(
          z.object({
            name: z.string(),
            kind: z.string(),
            type: z.string(),
            dbName: z.string().nullish(),
          }),
        ),
      }),
    ),
  }),
});

/** The models of a client, in the order of its schema; null when it is no client of Prisma 7. */
export function readModels(client: GeneratedClient): ClientModel[] | null {
  const parsed = runtimeDataModelSchema.safeParse(client);
  if (!parsed.success) return null;
  const delegates = client as unknown as Readonly<Record<string, ModelDelegate>>;
  const models: ClientModel[] = [];
  for (const [name, model] of Object.entries(parsed.data._runtimeDataModel.models)) {
    const delegate = delegates[`${name.slice(0, 1).toLowerCase()}${name.slice(1)}`];
    if (delegate === undefined) return null;
    models.push({
      name,
      table: model.dbName ?? name,
      schema: model.schema ?? null,
      delegate,
      fields: model.fields.flatMap(({ name: field, kind, type, dbName }) =>
        kind === 'scalar' || kind === 'enum'
          ? [{ name: field, kind, type, column: dbName ?? field }]
          : [],
      ),
    });
  }
  return models;
}
