/** A type of field that the client decodes, or the name of an enum. */
export interface ClientField {
  readonly name: string;
  readonly kind: 'scalar' | 'enum';
  /** Prisma's scalar type, or the enum's name. */
  readonly type: string;
  /** The column, as the database calls it. */
  readonly column: string;
}

/** A model of a generated client; relations are left out. */
export interface ClientModel {
  readonly name: string;
  /** The table, as the database calls it. */
  readonly table: string;
  /** The schema of `@@schema`; null for the one that the client is connected to. */
  readonly schema: string | null;
  readonly fields: readonly ClientField[];
  readonly delegate: ModelDelegate;
}

export type ClientRow = Readonly<Record<string, unknown>>;

/** What is called of a model; nothing here writes. */
export interface ModelDelegate {
  readonly count: () => Promise<number>;
  readonly findMany: (args: object) => Promise<ClientRow[]>;
  readonly aggregate: (args: object) => Promise<Readonly<Record<string, ClientRow>>>;
  readonly groupBy: (args: object) => Promise<ClientRow[]>;
}

/** What `new PrismaClient(…)` gives, as far as it is called. */
export interface GeneratedClient {
  readonly $executeRawUnsafe: (sql: string) => Promise<number>;
  readonly $queryRawUnsafe: (sql: string) => Promise<ClientRow[]>;
  readonly $disconnect: () => Promise<void>;
}
