import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyArtifact } from '../../../scripts/lib/commands/verify.ts';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import { ToolkitError } from '../../../scripts/lib/model/errors.ts';
import type { CommandResult } from '../../../scripts/lib/model/reports/parts.ts';
import type { VerifyReport } from '../../../scripts/lib/model/reports/verify.ts';
import { exportedArtifact, quietContext } from '../../support/artifact.ts';
import { faultLines, mappingFile } from '../../support/mapping.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
let artifact: string;
beforeAll(async () => {
  artifact = await exportedArtifact(
    folder,
    'shop',
    `CREATE TABLE users (id TEXT PRIMARY KEY, deleted INTEGER, token TEXT);
     CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id TEXT REFERENCES users, next INTEGER REFERENCES orders);
     CREATE TABLE visits (id INTEGER PRIMARY KEY, user_id TEXT REFERENCES users);
     INSERT INTO users VALUES ('a', 0, '00ff'), ('b', 1, 'zz'), ('c', 0, 'xyz');
     INSERT INTO orders VALUES (1, 'a', 2), (2, 'b', NULL), (3, 'c', NULL);
     INSERT INTO visits VALUES (1, 'nobody')`,
  );
});

async function verify(tables?: MappingFile['tables']): Promise<CommandResult<VerifyReport>> {
  const mapping = tables === undefined ? undefined : mappingFile(folder, tables);
  return verifyArtifact({ artifact, mapping }, quietContext);
}

/** `severity code table.column: row keys`, a line for each finding. */
function brief({ findings }: CommandResult<VerifyReport>): string[] {
  return findings.map(
    ({ severity, code, where, examples }) =>
      `${severity} ${code} ${where.table}.${where.column ?? '*'}: ${examples.map(({ rowKey }) => rowKey).join(' ')}`,
  );
}

/** `table.column change total: row keys`, a line for each entry of the ledger. */
function ledgerOf({ ledger }: CommandResult<VerifyReport>): string[] {
  return ledger.map(
    ({ table, column, change, total, examples }) =>
      `${table}.${column ?? '*'} ${change} ${total}: ${examples.map(({ rowKey }) => rowKey).join(' ')}`,
  );
}

const where = [{ column: 'deleted', op: 'eq', value: 0 } as const];

describe('verify with a mapping', () => {
  it('counts what the conditions leave out, names what refers to it, and what cannot be converted', async () => {
    const result = await verify({
      users: { target: 'people', where, columns: { token: { convert: 'hex' } } },
      visits: { skip: 'nobody needs them' },
    });
    expect(brief(result)).toEqual([
      'blocking value-format users.token: id="c"',
      'blocking parent-left-out orders.user_id: id=2',
      'info mapping-skips-table visits.*: ',
    ]);
    expect(result.findings[0]?.message).toContain('(people.token of any type)');
    expect(ledgerOf(result)).toEqual(['users.* where 1: id="b"']);
    expect(result.mapping?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('follows the policies from table to table, whatever comes first', async () => {
    const result = await verify({
      users: { where, columns: { id: { convert: { uuid_v5: 'dns' } }, token: { drop: 'secret' } } },
      orders: {
        columns: { user_id: { policies: ['skip_row'] }, next: { policies: ['skip_row'] } },
      },
      visits: { columns: { user_id: { policies: ['null'] } } },
    });
    expect(brief(result)).toEqual(['info mapping-drops-column users.token: ']);
    expect(ledgerOf(result)).toEqual([
      'users.id uuid_v5 2: id="a" id="c"',
      'users.* where 1: id="b"',
      'orders.next skip_row 1: id=1',
      'orders.user_id skip_row 1: id=2',
      'orders.user_id uuid_v5 1: id=3',
      'visits.user_id null 1: id=1',
    ]);
  });

  it('finds orphans where the mapping does not answer them, as without one', async () => {
    const orphan = ['blocking orphan visits.user_id: id=1'];
    expect(brief(await verify({}))).toEqual(orphan);
    expect(brief(await verify())).toEqual(orphan);
    expect(await verify()).toMatchObject({ mapping: null, ledger: [] });
  });

  it('refuses one that names what the artifact does not have', async () => {
    const refused = await verify({ user: {}, orders: { columns: { userId: {} } } }).catch(
      (error: unknown) => error,
    );
    if (!(refused instanceof ToolkitError)) throw refused;
    expect(refused).toMatchObject({ kind: 'usage', code: 'mapping-invalid' });
    expect(faultLines(refused)).toEqual([
      'line 4, tables.user: the source has no table user; did you mean users?',
      "line 7, tables.orders.columns.userId: the source's table orders has no column userId; did you mean user_id?",
    ]);
    const missing = verifyArtifact({ artifact, mapping: join(folder, 'none.json') }, quietContext);
    await expect(missing).rejects.toMatchObject({ code: 'mapping-unreadable' });
  });
});
