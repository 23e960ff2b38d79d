import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportArtifact } from '../support/in-process.ts';
import { runScript } from '../support/run-script.ts';
import { createSource } from '../support/source-file.ts';
import { temporaryFolder } from '../support/temp.ts';

const folder = temporaryFolder();
const SCHEMA = fileURLToPath(new URL('../../scripts/lib/mapping/file/schema.ts', import.meta.url));

/** Writes a mapping of that name. */
function write(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('a script with --mapping', () => {
  let artifact: string;
  beforeAll(async () => {
    const source = createSource(
      join(folder, 'shop.db'),
      `CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT);
       INSERT INTO users VALUES (1, ' a '), (2, 'b')`,
    );
    artifact = await exportArtifact(source, join(folder, 'shop'));
  });

  it('lists every fault of the file with its line and exits with 2', async () => {
    const file = write(
      'wrong.json',
      '{\n  "version": 1,\n  "tables": {\n    "user": {},\n    "users": { "columns": { "email": {} } }\n  }\n}\n',
    );
    const { exitCode, stderr, stdout } = await runScript('verify', [artifact, '--mapping', file]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      `error the mapping cannot be used (file ${file})`,
      '  - line 4, tables.user: the source has no table user; did you mean users?',
      "  - line 5, tables.users.columns.email: the source's table users has no column email; did you mean mail?",
      '  next: mend the file; "The mapping file" in MIGRATION_GUIDE.md says what it may hold',
      '',
    ]);
  });

  it('says in JSON what is wrong, as every error', async () => {
    const file = write('version.json', '{"version": 2, "tables": {}}');
    const result = await runScript('verify', [artifact, '--mapping', file, '--json']);
    expect(result.exitCode).toBe(2);
    expect(result.json()).toMatchObject({
      exitCode: 2,
      error: {
        kind: 'usage',
        code: 'mapping-invalid',
        message: 'the mapping cannot be used: version: this toolkit reads mappings of version 1',
        where: { file, line: 1 },
      },
    });
  });

  it.each(['commonjs', 'module'])(
    'takes a TypeScript module from a package of type %s',
    async (type) => {
      write(`${type}/package.json`, JSON.stringify({ type }));
      const file = write(
        `${type}/mapping.ts`,
        `import type { MappingFile } from ${JSON.stringify(SCHEMA)};
       export default {
         version: 1,
         tables: { users: { columns: { mail: { convert: 'trim' } } } },
       } satisfies MappingFile;`,
      );
      const { exitCode, stderr } = await runScript('verify', [artifact, '--mapping', file]);
      expect(stderr).toContain('  users.mail  trim  1  id=1\n');
      expect(exitCode).toBe(0);
    },
  );
});
