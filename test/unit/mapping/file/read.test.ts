import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMapping } from '../../../../scripts/lib/mapping/file/read.ts';
import { ToolkitError } from '../../../../scripts/lib/model/errors.ts';
import { faultLines } from '../../../support/mapping.ts';
import { temporaryFolder } from '../../../support/temp.ts';

const folder = temporaryFolder();
let files = 0;

/** Writes a file and reads it as a mapping. */
async function read(
  content: string | Uint8Array,
  extension = 'json',
): ReturnType<typeof readMapping> {
  files += 1;
  const file = join(folder, `mapping-${files}.${extension}`);
  writeFileSync(file, content);
  return readMapping(file);
}

async function refusalOf(reading: Promise<unknown>): Promise<ToolkitError> {
  const refused = await reading.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (refused instanceof ToolkitError) return refused;
  throw refused ?? new Error('it was read');
}

const MAPPING = `{
  "$schema": "./scripts/mapping.schema.json",
  "version": 1,
  "tables": {
    "users": {
      "columns": { "id": { "convert": "trim" } }
    }
  }
}
`;

describe('a mapping in JSON', () => {
  it('is read, without its $schema', async () => {
    expect((await read(MAPPING)).content).toEqual({
      version: 1,
      tables: { users: { columns: { id: { convert: 'trim' } } } },
    });
  });

  it('knows on which line each place stands, or what is around it', async () => {
    const { lineOf } = await read(MAPPING);
    expect(lineOf(['tables', 'users'])).toBe(5);
    expect(lineOf(['tables', 'users', 'columns', 'id', 'convert'])).toBe(6);
    expect(lineOf(['tables', 'users', 'columns', 'no-such'])).toBe(6);
    expect(lineOf(['tables', 'no-such', 'columns'])).toBe(4);
    expect(lineOf([])).toBe(1);
  });

  it('has the same checksum however it is written, and another for another content', async () => {
    const { sha256 } = await read(MAPPING);
    const written = await read(
      '{"tables":{"users":{"columns":{"id":{"convert":"trim"}}}},"version":1}',
    );
    expect(written.sha256).toBe(sha256);
    expect((await read(MAPPING.replace('trim', 'text'))).sha256).not.toBe(sha256);
  });

  it('may have comments, trailing commas, a byte order mark and CRLF', async () => {
    const text = `\uFEFF// the move\r\n{ "version": 1, /* now */ "tables": { "logs": { "skip": "old", } } }\r\n`;
    expect((await read(text)).content).toEqual({ version: 1, tables: { logs: { skip: 'old' } } });
  });

  it('keeps whole numbers beyond 2^53 exact', async () => {
    const { content } = await read(
      '{"version":1,"tables":{"t":{"where":[{"column":"id","op":"lt","value":9223372036854775807}]}}}',
    );
    expect(content.tables['t']?.where).toEqual([
      { column: 'id', op: 'lt', value: 9_223_372_036_854_775_807n },
    ]);
  });

  it('takes any name for a table or column that JavaScript has a meaning for', async () => {
    const { content } = await read(
      '{"version":1,"tables":{"constructor":{"columns":{"toString":{"target":"to_string"}}}}}',
    );
    expect(Object.keys(content.tables)).toEqual(['constructor']);
    expect(content.tables['constructor']?.columns).toEqual({ toString: { target: 'to_string' } });
  });
});

describe('a file that is no mapping', () => {
  it.each([
    ['', 1, 'the file is empty'],
    ['  \n\n', 1, 'the file is empty'],
    ['{"version": 1,\n "tables": {"a": }}', 2, 'it is not JSON: a value should stand here'],
    ['{"version": 1\n "tables": {}}', 2, 'it is not JSON: a comma should stand here'],
    ['{"version": 1,\n "tables": {}', 2, 'it is not JSON: a closing } should stand here'],
    [
      "{'version': 1}",
      1,
      'it is not JSON: something is neither a text in quotes, a number, true, false nor null',
    ],
    ['{"version": 1, "tables": {}} x', 1, 'it is not JSON: something is neither'],
    ['{"version": 1, "tables": {}}\n{}', 2, 'it is not JSON: something stands behind the end'],
    ['[]', 1, 'must be an object'],
    ['"mapping"', 1, 'must be an object'],
  ])('%j is refused with its line, %d: %s', async (text, line, expected) => {
    const refusal = await refusalOf(read(text));
    expect(refusal).toMatchObject({ kind: 'usage', code: 'mapping-invalid', where: { line } });
    expect(faultLines(refusal).map((text) => text.slice(0, expected.length))).toEqual([expected]);
  });

  it('is refused when a key stands twice, for the last one would win', async () => {
    const text = '{"version": 1, "tables": {\n"a": {"skip": "x"},\n"b": {},\n"a": {}}}';
    const refusal = await refusalOf(read(text));
    expect(refusal.where.line).toBe(4);
    expect(faultLines(refusal)).toEqual(['tables.a: the key stands here a second time']);
  });

  it('is refused for a name that JavaScript would lose', async () => {
    const text = '{"version": 1, "tables": {"__proto__": {"skip": "x"}}}';
    expect(faultLines(await refusalOf(read(text)))).toEqual([
      'tables.__proto__: this name cannot stand in a mapping',
    ]);
  });

  it('is refused when it is in another encoding', async () => {
    for (const bytes of [
      Buffer.from(MAPPING.replace('users', 'benützer'), 'latin1'),
      Buffer.from(`\uFEFF${MAPPING}`, 'utf16le'),
    ]) {
      expect(await refusalOf(read(bytes))).toMatchObject({
        code: 'mapping-unreadable',
        message: 'the mapping cannot be read: it is not in UTF-8',
      });
    }
  });

  it('is refused when it is a folder or not there', async () => {
    mkdirSync(join(folder, 'a-folder'));
    expect(await refusalOf(readMapping(join(folder, 'a-folder')))).toMatchObject({
      kind: 'usage',
      code: 'mapping-unreadable',
      message: 'the mapping cannot be read: it is a folder',
    });
    const file = join(folder, 'no-such.json');
    expect(await refusalOf(readMapping(file))).toMatchObject({
      code: 'mapping-unreadable',
      message: 'the mapping cannot be read: there is no such file',
      where: { file },
    });
  });
});

describe('a mapping as a module', () => {
  const content = { version: 1, tables: { logs: { skip: 'old' } } };

  it.each(['ts', 'mts', 'mjs', 'js'])(
    'with the extension %s is its default export',
    async (extension) => {
      const module = await read(`export default ${JSON.stringify(content)};\n`, extension);
      expect(module.content).toEqual(content);
      expect(module.sha256).toBe((await read(JSON.stringify(content))).sha256);
    },
  );

  it('may leave values undefined, and write large numbers as bigint', async () => {
    const { content: read_ } = await read(
      `export default { version: 1, tables: { t: { skip: undefined, add: { n: { constant: 2n ** 60n } } } } };`,
      'mts',
    );
    expect(read_.tables['t']?.add).toEqual({ n: { constant: 2n ** 60n } });
  });

  it.each([
    ['export const mapping = {};', 'the module has no default export'],
    ['throw new Error("no such variable: REGION");', 'no such variable: REGION'],
    ['import "./no-such-file.mjs"; export default {};', 'no-such-file.mjs'],
  ])('that is %j is refused and says why', async (text, reason) => {
    const refusal = await refusalOf(read(text, 'mjs'));
    expect(refusal).toMatchObject({ kind: 'usage', code: 'mapping-unreadable' });
    expect(refusal.message).toContain(reason);
  });

  it('is refused as a JSON file is, without lines', async () => {
    const refusal = await refusalOf(
      read('export default { version: 1, tables: { t: { skp: 1 } } };', 'mjs'),
    );
    expect(faultLines(refusal)).toEqual([
      'tables.t.skp: there is no such key here; did you mean skip? (target, skip, where, columns, add, references)',
    ]);
  });
});
