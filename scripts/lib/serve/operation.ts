import type { ServerResponse } from 'node:http';
import type * as z from 'zod';

import type { ServeConfig } from './config.ts';
import type { RunStore } from './run-store.ts';

/** Everything below it is the API for migrations. */
export const API = '/api/v1/migration';

/** What an operation works with. */
export interface Surroundings {
  readonly config: ServeConfig;
  readonly store: RunStore;
  /** Aborts when the server stops. */
  readonly signal: AbortSignal;
}

/** One request, its body and query in the form of their schemas. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  readonly requestedFrom: string;
  readonly lastEventId: string | undefined;
}

export type Answer =
  | {
      readonly kind: 'json';
      readonly body: unknown;
      readonly status?: number;
      readonly location?: string;
    }
  | { readonly kind: 'text'; readonly body: string; readonly type: string }
  | { readonly kind: 'stream'; readonly write: (response: ServerResponse) => Promise<void> };

/** One route of the API: what the server answers and what the OpenAPI document says of it. */
export interface Operation {
  readonly method: 'GET' | 'POST';
  /** As fastify has it: `/api/v1/migration/:id/status`. */
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly query?: z.ZodObject;
  /** What it answers with. */
  readonly response: {
    readonly status: number;
    readonly type: string;
    readonly schema?: z.ZodType;
  };
  handle(call: Call, surroundings: Surroundings): Promise<Answer>;
}

/** The content type of an answer that a schema describes. */
export const JSON_TYPE = 'application/json';
