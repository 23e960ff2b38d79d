import * as z from 'zod';

import { TOOL_VERSION } from '../model/version.ts';
import type { Operation } from './operation.ts';
import { PROBLEM_TYPE, problemSchema } from './problem.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** The parts of an OpenAPI document that are made here. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: JsonObject;
  readonly security: readonly JsonObject[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: {
    readonly securitySchemes: JsonObject;
    readonly schemas: Readonly<Record<string, JsonObject>>;
  };
}

interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly OpenApiParameter[];
  readonly requestBody?: { readonly required: true; readonly content: OpenApiContent };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content: OpenApiContent }>
  >;
}

interface OpenApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: unknown;
}

type OpenApiContent = Readonly<Record<string, { readonly schema?: JsonObject }>>;

/** What a path parameter stands for. */
const PARAMETERS: Readonly<Record<string, string>> = {
  id: 'name of the run',
  table: 'name of the table',
  target: 'name of the target',
};

/**
 * The API as an OpenAPI document: bodies, queries and answers are those of the zod schemas that check
 * the requests.
 *
 * Source: https://spec.openapis.org/oas/v3.1.1.html
 */
export function openApiDocument(operations: readonly Operation[]): OpenApiDocument {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'SQLite to Prisma on PostgreSQL',
      version: TOOL_VERSION,
      description: 'Starts the scripts, and tells how their runs stand.',
    },
    security: [{}, { token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: schemaOf(problemSchema, 'output') },
    },
  };
}

function describe({ method, path, summary, body, query, response }: Operation): OpenApiOperation {
  return {
    operationId: operationId(method, path),
    summary,
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(body, 'input') } },
          },
        }),
    responses: {
      [response.status]: {
        description: summary,
        content: {
          [response.type]:
            response.schema === undefined ? {} : { schema: schemaOf(response.schema, 'output') },
        },
      },
      default: {
        description: 'what stands in the way, as RFC 9457 has it',
        content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return [method.toLowerCase(), ...words.slice(2)].join('-');
}

function pathParameters(path: string): OpenApiParameter[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path' as const,
    required: true,
    description: PARAMETERS[name] ?? name,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject | undefined): OpenApiParameter[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query' as const,
    required: required.includes(name),
    schema,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
