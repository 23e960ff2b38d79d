import { DriverAdapterError } from '@prisma/driver-adapter-utils';

/** A fault that Prisma has a code for; the CLI shows code and message. */
export class UserFacingError extends Error {
  override readonly name = 'UserFacingError';
  /** E.g. `P1001`. Source: https://www.prisma.io/docs/orm/reference/error-reference */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const CODE_OF_KIND: Readonly<Record<string, string>> = {
  AuthenticationFailed: 'P1000',
  DatabaseNotReachable: 'P1001',
  SocketTimeout: 'P1002',
  DatabaseDoesNotExist: 'P1003',
  DatabaseAlreadyExists: 'P1009',
  DatabaseAccessDenied: 'P1010',
  TlsConnectionError: 'P1011',
  ConnectionClosed: 'P1017',
};

/** Prisma's code for what the driver adapter has thrown, if there is one. */
export function codeOfDriverError(error: unknown): string | undefined {
  return error instanceof DriverAdapterError ? CODE_OF_KIND[error.cause.kind] : undefined;
}

/** The code that an error carries, its own or one of the driver adapter's kinds. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return codeOfDriverError(error);
}

/** The engine throws Errors, but a rejected promise may hold anything. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
