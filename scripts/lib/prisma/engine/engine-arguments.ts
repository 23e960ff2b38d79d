import * as z from 'zod';

/** What the Prisma CLI asks of a Schema Engine process by its command line. */
export interface EngineArguments {
  /** `rpc`: JSON-RPC over stdin and stdout until stdin ends; the others run one command and end. */
  readonly command: 'rpc' | 'version' | DatabaseCommand;
  /** Paths of the Prisma schema files, each given by `--datamodels`. */
  readonly schemaFiles: readonly string[];
  /** The database to work on; absent for commands that need none, such as a diff between two schema files. */
  readonly url: string | undefined;
  /** A database that may be emptied at will, to be used in place of a temporary one. */
  readonly shadowUrl: string | undefined;
}

/** The commands of `schema-engine cli …` that the Prisma CLI uses. */
export type DatabaseCommand = 'can-connect-to-database' | 'create-database';

const datasourceSchema = z.object({
  url: z.string().nullish(),
  shadowDatabaseUrl: z.string().nullish(),
});

/**
 * Reads the command line of Prisma's Schema Engine. Options that mean nothing to the WebAssembly engine
 * (`--enabled-preview-features`, `--extension-types`) are read over.
 * Source: https://github.com/prisma/prisma-engines/blob/main/schema-engine/cli/src/main.rs
 * @throws Error when an option lacks its value, or `--datasource` is not the JSON that the CLI sends
 */
export function parseEngineArguments(argv: readonly string[]): EngineArguments {
  const schemaFiles: string[] = [];
  let datasource: z.infer<typeof datasourceSchema> = {};
  const words: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (!word.startsWith('-') || word === '--version') {
      words.push(word);
      continue;
    }
    index += 1;
    const value = argv[index];
    if (value === undefined) throw new Error(`The option ${word} needs a value.`);
    if (word === '--datamodels' || word === '-d') schemaFiles.push(value);
    if (word === '--datasource') datasource = parseDatasource(value);
  }
  return {
    command: commandOf(words),
    schemaFiles,
    url: datasource.url ?? undefined,
    shadowUrl: datasource.shadowDatabaseUrl ?? undefined,
  };
}

/** The value holds passwords: an error must not quote it. */
function parseDatasource(json: string): z.infer<typeof datasourceSchema> {
  try {
    return datasourceSchema.parse(JSON.parse(json));
  } catch {
    throw new Error('The option --datasource is not JSON of the form {"url":"…"}.');
  }
}

function commandOf(words: readonly string[]): EngineArguments['command'] {
  const [first, second] = words;
  if (first === undefined) return 'rpc';
  if (first === '--version') return 'version';
  if (first === 'cli') {
    switch (second) {
      case 'can-connect-to-database':
      case 'create-database':
        return second;
    }
  }
  throw new Error(`Unknown command: ${words.join(' ')}.`);
}
