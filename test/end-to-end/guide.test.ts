import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildSample } from '../../scripts/lib/sample/build.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { clientsFolder, generateClients } from '../support/generated-client.ts';
import { exportArtifact } from '../support/in-process.ts';
import { createSource } from '../support/source-file.ts';
import { temporaryFolder } from '../support/temp.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const GUIDE = readFileSync(join(PROJECT, 'MIGRATION_GUIDE.md'), 'utf8');

/** Where the commands are typed: the project by another path, with the files that the guide speaks of. */
const folder = temporaryFolder();
const clients = clientsFolder();
let database: TestDatabase;
/** What the commands write down for later ones. */
let run = '';

/** A command of the guide, and what it says when it goes as the guide says. */
interface Step {
  readonly command: string;
  readonly exitCode?: number;
  readonly says?: string;
  readonly before?: () => Promise<void> | void;
  readonly after?: (output: string) => Promise<void> | void;
}

/** What belongs to other programs and other machines, or has tests of its own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'rsync -a exports/app/ dbhost:exports/app/': 'another machine',
  "ssh dbhost 'cd exports/app && sha256sum -c SHA256SUMS && sha256sum manifest.json'":
    'another machine',
  'pg_dump --format=custom --file=app.dump "$DATABASE_URL"': "the server's own client programs",
  'pg_restore --list app.dump': "the server's own client programs",
  'tar -cf - -C exports app | age -r age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kudnzh0sqe9n0wd > app.tar.age':
    'age, and the key of a recipient',
  'tar -cf - -C exports app | gpg --encrypt --recipient archive@example.org --output app.tar.gpg':
    'gpg, and the key of a recipient',
  [String.raw`tail -f import.ndjson | jq -r 'select(.type == "progress") | "\(.table) \(.rows) of \(.rowsTotal), \(.phaseSecondsLeft) s left"'`]:
    'it never ends',
  'npm run serve': 'it never ends; test/database/serve',
  [`curl -s http://127.0.0.1:4780/api/v1/migration/start -H 'content-type: application/json'   -d '{"stage": "import", "artifact": "exports/app", "options": {"target": "staging"}, "confirm": "staging"}'`]:
    'a server; test/database/serve',
  'curl -s http://127.0.0.1:4780/api/v1/migration/20260131T235959Z-1a2b3c/status':
    'a server; test/database/serve',
  'curl -sN http://127.0.0.1:4780/api/v1/migration/20260131T235959Z-1a2b3c/events':
    'a server; test/database/serve',
  'npm run bench': 'minutes; test/end-to-end/bench.test.ts',
  'npm run bench -- --scale 0.05': 'minutes; test/end-to-end/bench.test.ts',
  'npm run bench -- --only import,floor --rounds 5': 'minutes; test/end-to-end/bench.test.ts',
  'npm run bench -- --case all --growth --out benchmark.json --chart benchmark.svg':
    'hours; test/end-to-end/bench.test.ts',
  'npm run rehearse -- --source app.db --prisma-schema path/to/schema.prisma':
    'test/end-to-end/hyperpage/rehearse.test.ts',
  'npm run rehearse -- --rows 100000': 'minutes; test/end-to-end/sample.test.ts with fewer rows',
  'npx prisma generate': 'in the project of the application',
  'npx prisma migrate deploy': 'in the project of the application',
  'npx prisma migrate dev --create-only': 'in the project of the application',
  'npx prisma migrate resolve': 'in the project of the application',
};

const SCRIPT = 'npx tsx scripts/';

/** In an order in which each finds what it needs. */
const STEPS: readonly Step[] = [
  { command: 'fuser -v app.db', exitCode: 1 },
  { command: `${SCRIPT}analyze.ts --source app.db`, says: 'integrity ok' },
  { command: `${SCRIPT}analyze.ts --source app.db --out analysis.json` },
  { command: `${SCRIPT}analyze.ts --source app.db --draft drafts/app --migration`, says: 'draft:' },
  { command: `${SCRIPT}export.ts --source app.db --out exports/app`, says: 'artifact id' },
  { command: `${SCRIPT}verify.ts exports/app`, says: 'is sound' },
  { command: `${SCRIPT}verify.ts exports/app --against-source app.db`, says: 'what was exported' },
  {
    command: `${SCRIPT}verify.ts exports/app --baseline exports/rehearsal`,
    says: 'the same artifact',
    before: () => {
      cpSync(join(folder, 'exports/app'), join(folder, 'exports/rehearsal'), { recursive: true });
    },
  },
  {
    command: `${SCRIPT}verify.ts exports/core exports/math --mapping core.json --mapping math.json`,
    says: 'are sound together',
    before: takeLearningApps,
  },
  { command: 'npx prisma migrate deploy --schema path/to/schema.prisma' },
  { command: 'npx prisma migrate status --schema path/to/schema.prisma', says: 'up to date' },
  {
    command: `${SCRIPT}analyze.ts --source app.db --target postgresql://app@localhost/app --mapping mapping.json`,
    says: 'held against',
  },
  {
    command: `${SCRIPT}analyze.ts --source app.db --target "$DATABASE_URL" --mapping mapping.json`,
    says: 'held against',
  },
  { command: `${SCRIPT}import.ts exports/app --dry-run`, says: 'would load' },
  {
    command: `${SCRIPT}import.ts exports/app --migrations path/to/migrations --dry-run`,
    says: 'would load',
  },
  {
    command: `${SCRIPT}import.ts exports/app --migrations path/to/migrations`,
    says: 'loaded into',
    after: rememberRun,
  },
  { command: `${SCRIPT}import.ts exports/app`, says: 'nothing is left' },
  {
    command: `${SCRIPT}import.ts exports/app --progress-file import.ndjson --metrics-file /var/lib/node_exporter/textfile/app-import.prom`,
  },
  { command: `${SCRIPT}import.ts exports/app --html import.html` },
  {
    command: `${SCRIPT}analyze.ts --source app.db --target "$DATABASE_URL" --html analysis.html`,
    says: 'held against',
  },
  {
    command: `${SCRIPT}verify.ts exports/app --target "$DATABASE_URL" --against-source app.db --html report.html`,
    says: 'source = archive = target',
  },
  { command: `${SCRIPT}verify.ts exports/app --target "$DATABASE_URL"`, says: 'holds what' },
  {
    command: `${SCRIPT}verify.ts exports/app --target "$DATABASE_URL" --against-source app.db`,
    says: 'source = archive = target',
  },
  {
    command: `${SCRIPT}verify.ts exports/app --target postgresql://app@localhost/app --against-source app.db`,
    says: 'source = archive = target',
  },
  {
    command: `${SCRIPT}verify.ts exports/app --target postgresql://app@localhost/app --prisma-client ../app/src/generated/prisma`,
    says: 'Prisma Client',
    before: generateClient,
  },
  { command: `${SCRIPT}verify.ts exports/app --target "$DATABASE_URL" --json > since.json` },
  { command: `${SCRIPT}verify.ts exports/app --summary`, says: 'the next run' },
  { command: `psql "$DATABASE_URL" -c 'VACUUM (ANALYZE)'` },
  {
    command: `psql "$DATABASE_URL" -c 'SELECT relname, n_live_tup, last_analyze FROM pg_stat_user_tables ORDER BY relname'`,
    says: 'ai_providers',
  },
  {
    command: `psql "$DATABASE_URL" -c '\\copy (SELECT * FROM orders WHERE created_at > now() - interval $$2 hours$$) TO STDOUT'`,
    before: async () => {
      await database.query('CREATE TABLE orders (created_at timestamptz)');
    },
    after: async () => {
      await database.query('DROP TABLE orders');
    },
  },
  { command: `${SCRIPT}import.ts --status`, says: 'is done' },
  {
    command: `${SCRIPT}import.ts --status --target postgresql://app@localhost/app`,
    says: 'is done',
  },
  { command: `${SCRIPT}import.ts --rollback RUN`, says: 'is taken back' },
  {
    command: `${SCRIPT}import.ts --rollback 20261121T091203Z-2ecaf4 --target postgresql://app@localhost/app`,
    says: 'is taken back',
    before: loadAgain,
  },
  { command: `${SCRIPT}import.ts exports/app --target sqlite:restored.db`, says: 'restored into' },
  {
    command: 'mkdir -p archive && tar -xzf app.tar.gz -C archive',
    before: () => {
      execFileSync('tar', ['-czf', 'app.tar.gz', '-C', 'exports', 'app'], { cwd: folder });
    },
  },
  {
    command: '(cd archive/app && sha256sum -c SHA256SUMS && sha256sum manifest.json)',
    says: 'manifest.json: OK',
  },
  { command: `${SCRIPT}verify.ts archive/app`, says: 'is sound' },
  { command: `${SCRIPT}import.ts archive/app --target sqlite:look.db`, says: 'restored into' },
  { command: `psql "$DATABASE_URL" -c 'DROP SCHEMA public CASCADE; CREATE SCHEMA public'` },
  { command: 'npm run rehearse -- --stop', exitCode: 2, says: 'there is no server to stop' },
];

/** Commands stand in blocks of their own, and in the first column of the quick reference. */
function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block ?? '');
  const lines = blocks.flatMap((block) => block.replaceAll('\\\n', '').split('\n'));
  const spans = [
    ...text.matchAll(/`((?:npx tsx scripts\/|npx prisma |npm run |psql |fuser )[^`\n]+)`/g),
  ];
  const commands = [...lines, ...spans.map(([, span]) => span ?? '')].map((line) => line.trim());
  return [...new Set(commands.filter((line) => line !== ''))];
}

const PROGRAMS = join(PROJECT, 'node_modules/.bin');

/** Types a command, names of runs and of the database being those that there are. */
async function type(command: string): Promise<{ exitCode: number | null; output: string }> {
  const typed = command
    .replaceAll('npx tsx', 'node --import tsx')
    .replaceAll('npx prisma', 'prisma')
    .replaceAll('postgresql://app@localhost/app', '"$DATABASE_URL"')
    .replaceAll('../app/src/generated/prisma', join(clients, 'client'))
    .replaceAll('/var/lib/node_exporter/textfile', folder)
    .replaceAll(/\bRUN\b|20261121T091203Z-2ecaf4/g, run);
  const child = spawn('bash', ['-c', typed], {
    cwd: folder,
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      NPM_CONFIG_LOGLEVEL: 'error',
      PATH: `${PROGRAMS}${delimiter}${process.env['PATH'] ?? ''}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, output };
}

function rememberRun(output: string): void {
  run = /run (\S+)/.exec(output)?.[1] ?? '';
}

async function loadAgain(): Promise<void> {
  const { output } = await type(`${SCRIPT}import.ts exports/app`);
  rememberRun(output);
}

async function takeLearningApps(): Promise<void> {
  const example = join(PROJECT, 'examples/learning-apps');
  for (const app of ['core', 'math']) {
    const source = join(folder, `${app}.db`);
    createSource(source, readFileSync(join(example, `${app}.sql`), 'utf8'));
    await exportArtifact(source, join(folder, 'exports', app));
    cpSync(join(example, `${app}.json`), join(folder, `${app}.json`));
  }
}

async function generateClient(): Promise<void> {
  const schema = readFileSync(join(PROJECT, 'prisma/schema.prisma'), 'utf8');
  const models = schema.replaceAll(/^(?:generator|datasource) \w+ \{.*?^\}\n/gms, '');
  const made = await generateClients(`${GENERATOR}${models}`, clients);
  symlinkSync(join(made, 'client'), join(clients, 'client'));
}

const GENERATOR = `generator client {
  provider = "prisma-client"
  output   = "./client"
}
datasource db {
  provider = "postgresql"
}
`;

beforeAll(async () => {
  for (const name of ['scripts', 'node_modules', 'package.json', 'prisma.config.ts', 'prisma']) {
    symlinkSync(join(PROJECT, name), join(folder, name));
  }
  mkdirSync(join(folder, 'path'));
  symlinkSync(join(PROJECT, 'prisma'), join(folder, 'path/to'));
  await buildSample({ file: join(folder, 'app.db') });
  writeFileSync(join(folder, 'mapping.json'), '{ "version": 1, "tables": {} }');
  database = await createTestDatabase();
});

describe('the commands of the guide', () => {
  it('are all tried here, or it is known why not', () => {
    const known = new Set([...STEPS.map(({ command }) => command), ...Object.keys(ELSEWHERE)]);
    const found = commandsOf(GUIDE);
    expect(found.filter((command) => !known.has(command))).toEqual([]);
    expect([...known].filter((command) => !found.includes(command))).toEqual([]);
    for (const command of Object.keys(ELSEWHERE)) expect(command).not.toContain('scripts/');
  });

  it.each(STEPS)('$command', async (step) => {
    await step.before?.();
    const { exitCode, output } = await type(step.command);
    expect({ exitCode, output }).toMatchObject({ exitCode: step.exitCode ?? 0 });
    expect(output).toContain(step.says ?? '');
    await step.after?.(output);
  });
});

/** What PostgreSQL says against a statement; nothing when it takes it. */
async function errorOfSql(sql: string): Promise<string> {
  try {
    await database.query(sql);
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('the statements of the guide', () => {
  const statements = [...GUIDE.matchAll(/^```sql\n(.*?)^```$/gms)].map(([, block]) => block ?? '');

  it('are understood by PostgreSQL', async () => {
    const role = `guide_${database.name}`;
    await database.query(`CREATE ROLE ${role}`);
    await database.query('DROP SCHEMA IF EXISTS sqlite_migration CASCADE');
    try {
      const errors = await Promise.all(
        statements.map(async (statement) => errorOfSql(statement.replaceAll(/\bapp\b/g, role))),
      );
      // A server that was not started with the library of an extension understands all the same.
      const faults = errors.filter((error) => !/^$|shared_preload_libraries/.test(error));
      expect(faults).toEqual([]);
    } finally {
      await database.query(`DROP OWNED BY ${role}`);
      await database.query(`DROP ROLE ${role}`);
    }
  });

  it('find the foreign keys without an index, and nothing else', async () => {
    const sql = statements.find((statement) => statement.includes('CREATE INDEX')) ?? '';
    await database.query('CREATE SCHEMA IF NOT EXISTS public');
    await database.query('CREATE TABLE p (a int, b int, PRIMARY KEY (a, b))');
    await database.query(
      'CREATE TABLE "C c" (id int, x int, "Y y" int, FOREIGN KEY (x, "Y y") REFERENCES p)',
    );
    const found = await database.query<{ format: string }>(sql);
    expect(found.map(({ format }) => format)).toEqual([
      'CREATE INDEX CONCURRENTLY ON "C c" (x, "Y y");',
    ]);
    for (const { format } of found) await database.query(format);
    expect(await database.query(sql)).toEqual([]);
    // A partial index, or one that begins with another column, does not do.
    await database.query('DROP INDEX "C c_x_Y y_idx"');
    await database.query('CREATE INDEX ON "C c" (id, x, "Y y")');
    await database.query('CREATE INDEX ON "C c" ("Y y", x) WHERE id > 1');
    expect(await database.query(sql)).toHaveLength(1);
    await database.query('CREATE INDEX ON "C c" ("Y y", x, id)');
    expect(await database.query(sql)).toEqual([]);
  });
});
