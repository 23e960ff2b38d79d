import * as z from 'zod';
import { codeOf, messageOf } from './errors.ts';
import { isPanic, panicMessage } from './wasm.ts';

/** Ids of the CLI are numbers. */
const PRINT_ID = 'print';

const requestSchema = z.object({
  id: z.union([z.number(), z.string()]),
  method: z.string(),
  params: z.unknown().optional(),
});

const answerSchema = z.object({ id: z.literal(PRINT_ID), method: z.undefined().optional() });

/** A JSON-RPC 2.0 request of the Prisma CLI. */
export type RpcRequest = z.infer<typeof requestSchema>;

/**
 * Reads one line of the Prisma CLI.
 * @returns undefined for a line that is no request: an empty one, or the answer to a `print` of ours
 * @throws Error for what is neither: left without an answer, the CLI would wait for ever
 */
export function parseRequest(line: string): RpcRequest | undefined {
  if (line.trim() === '') return undefined;
  const message: unknown = JSON.parse(line);
  return answerSchema.safeParse(message).success ? undefined : requestSchema.parse(message);
}

/** The answer to a request that went well. The CLI takes an absent `result` for a fault, so it is at least null. */
export function successLine(request: RpcRequest, result: unknown): string {
  return toLine({ id: request.id, result: result ?? null });
}

/** The answer to a request that failed. The CLI shows `data`; of a panic, the summary. */
export function failureLine(request: RpcRequest, error: unknown): string {
  const panic = isPanic(error) ? (panicMessage() ?? messageOf(error)) : undefined;
  const data = {
    is_panic: panic !== undefined,
    message: panic ?? messageOf(error),
    error_code: codeOf(error),
  };
  const summary = panic ?? 'An error happened. Check the data field for details.';
  return toLine({ id: request.id, error: { code: ENGINE_ERROR, message: summary, data } });
}

/** A request of ours: the CLI shall write `content` and a line end to its stdout. */
export function printLine(content: string): string {
  return toLine({ id: PRINT_ID, method: 'print', params: { content } });
}

/** The code that Prisma's own engine uses for all its errors. */
const ENGINE_ERROR = 4466;

function toLine(message: object): string {
  return `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
}
