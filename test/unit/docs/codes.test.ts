import { describe, expect, it } from 'vitest';
import { exitCodeOfKind } from '../../../scripts/lib/cli/exit-codes.ts';
import type { ErrorKind } from '../../../scripts/lib/model/errors.ts';
import { readText, sectionOf, sourcesBelow, tableRows } from './documents.ts';

// The engine speaks Prisma's own codes, to the Prisma CLI.
const sources = sourcesBelow('scripts/lib')
  .filter((file) => !file.startsWith('scripts/lib/prisma/engine/'))
  .map(readText);

const quotedCodes = (text: string): string[] =>
  [...text.matchAll(/'([a-z]+(?:-[a-z]+)*)'/g)].map(([, code = '']) => code);

/** Codes that follow `code:`, also as the two sides of a choice. */
function codesInObjects(source: string): string[] {
  return [...source.matchAll(/\bcode: ([^,;}]*)[,;}]/g)].flatMap(([, expression = '']) =>
    quotedCodes(expression.replace(/^.*\?(?!\.)/s, '').replaceAll(/'[^']*'\s*===/g, '')),
  );
}

/** Codes that are given to a function that takes one as a parameter. */
function codesInCalls(source: string): string[] {
  return [
    ...source.matchAll(/^(?:export )?function (\w+)\(([^)]*\bcode: string\b[^)]*)\)/gm),
  ].flatMap(([, name = '', parameters = '']) => {
    const position = parameters.split(',').findIndex((part) => /\bcode: string/.test(part));
    const call = new RegExp(String.raw`\b${name}\((?:[^,]*,){${position}}\s*'([a-z-]+)'`, 'g');
    return sources.flatMap((text) => [...text.matchAll(call)].map(([, code = '']) => code));
  });
}

/** Codes in a table from what failed to its code. */
function codesInTables(source: string): string[] {
  return [...source.matchAll(/^const CODES\b[^=]*= \{([^}]*)\}/gm)].flatMap(([, table = '']) =>
    quotedCodes(table),
  );
}

function misfitCodes(source: string): string[] {
  const union = /export type MisfitCode =([^;]*);/.exec(source)?.[1] ?? '';
  return quotedCodes(union);
}

/** `prismaError('migrate deploy', …)` makes `prisma-migrate-deploy-failed`. */
function prismaCodes(source: string): string[] {
  return [...source.matchAll(/prismaError\('([a-z ]+)'/g)].map(
    ([, command = '']) => `prisma-${command.replace(' ', '-')}-failed`,
  );
}

const inSource = new Set(
  sources.flatMap((source) => [
    ...codesInObjects(source),
    ...codesInCalls(source),
    ...codesInTables(source),
    ...misfitCodes(source),
    ...prismaCodes(source),
  ]),
);

const guide = sectionOf(readText('MIGRATION_GUIDE.md'), '## Codes');
const documentedIn = (text: string): string[] =>
  tableRows(text).flatMap(([cell = '']) => /^`([a-z-]+)`$/.exec(cell)?.[1] ?? []);

describe('the codes of findings and errors', () => {
  it('are found in the source in every way that it writes them', () => {
    const oneOfEachWay = [
      'target-refused',
      'table-ambiguous',
      'value-null',
      'checksums-malformed',
      'source-not-a-file',
      'not-migrated',
      'value-unit',
      'disk-full',
      'target-disk-full',
      'prisma-migrate-status-failed',
    ];
    expect([...inSource]).toEqual(expect.arrayContaining(oneOfEachWay));
  });

  it('stand in the guide, each one, and none that there is not', () => {
    expect([...new Set(documentedIn(guide))].toSorted()).toEqual([...inSource].toSorted());
  });

  it('stand in the guide once', () => {
    const documented = documentedIn(guide);
    expect(documented).toEqual([...new Set(documented)]);
  });

  it('have the exit code of their kind', () => {
    const stated = new Map(
      tableRows(sectionOf(guide, '### Errors')).map(([code = '', exit = '']) => [code, exit]),
    );
    const thrown = sources.flatMap((source) => [
      ...source.matchAll(/kind: '([a-z-]+)',\s*code: '([a-z-]+)',\s*message/g),
    ]);
    const wrong = thrown.filter(([, kind = '', code = '']) => {
      const exit = stated.get(`\`${code}\``);
      return exit !== undefined && exit !== String(exitCodeOfKind(kind as ErrorKind));
    });
    expect(thrown.length).toBeGreaterThan(20);
    expect(wrong.map(([, , code]) => code)).toEqual([]);
  });
});
