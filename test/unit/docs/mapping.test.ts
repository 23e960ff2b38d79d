import { readFileSync } from 'node:fs';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { renderDocument } from '../../../scripts/lib/docs/documents.ts';
import { MAPPING_SCHEMA_FILE } from '../../../scripts/lib/docs/mapping-schema.ts';
import {
  CONVERSION_EXAMPLES,
  POLICY_EXAMPLES,
  conversionName,
} from '../../../scripts/lib/docs/mapping-tables.ts';
import {
  NAMED_CONVERSIONS,
  PARAMETER_CONVERSIONS,
} from '../../../scripts/lib/mapping/file/conversions.ts';
import { POLICIES } from '../../../scripts/lib/mapping/file/policies.ts';
import { mappingFileSchema, type MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import { SkippedRow } from '../../../scripts/lib/mapping/cell.ts';
import type { ColumnPlan } from '../../../scripts/lib/mapping/plan.ts';
import { Misfit } from '../../../scripts/lib/value/convert/converter.ts';
import { manifestTable, targetColumn, targetTable, targetType } from '../../support/catalogs.ts';
import { mappingOf, planned } from '../../support/mapping.ts';
import { readText, sectionOf } from './documents.ts';

const GUIDE = sectionOf(readText('MIGRATION_GUIDE.md'), '## The mapping file');
type Said = NonNullable<MappingFile['tables'][string]['columns']>[string];

/** The plan of a column of which a mapping says this. */
function columnPlan(type: string, said: Said, modifier = -1): ColumnPlan {
  const { plans } = planned(
    [manifestTable('t', ['c'])],
    [targetTable('t', [targetColumn('c', targetType(type, { modifier }))])],
    { mapping: mappingOf({ t: { columns: { c: said } } }) },
  );
  const [column] = plans[0]?.columns ?? [];
  if (column === undefined) throw new Error('nothing was planned');
  return column;
}

describe('the table of conversions', () => {
  it('has each of them once', () => {
    const names = CONVERSION_EXAMPLES.map(({ conversion }) => conversionName(conversion));
    expect(names.toSorted()).toEqual(
      [...Object.keys(NAMED_CONVERSIONS), ...Object.keys(PARAMETER_CONVERSIONS)].toSorted(),
    );
  });

  it.each(CONVERSION_EXAMPLES)(
    'shows what $conversion does, and whether it is counted',
    ({ conversion, type, value, becomes, isCounted }) => {
      const changes: string[] = [];
      const { convert } = columnPlan(type, { convert: conversion });
      expect(convert(value, (change) => changes.push(change))).toBe(becomes);
      expect(changes).toEqual(isCounted ? [conversionName(conversion)] : []);
      // Without the conversion it would be something else, or refused.
      expect(columnPlan(type, {}).convert(value, () => undefined)).not.toBe(becomes);
    },
  );
});

describe('the table of policies', () => {
  it.each(POLICY_EXAMPLES)(
    'shows what $policy does',
    ({ policy, type, modifier, value, becomes }) => {
      expect(columnPlan(type, {}, modifier).convert(value, () => undefined)).toBeInstanceOf(Misfit);
      const changes: string[] = [];
      const { convert } = columnPlan(type, { policies: [policy] }, modifier);
      expect(convert(value, (change) => changes.push(change))).toBe(becomes);
      expect(changes).toEqual([policy]);
      const skipping = columnPlan(type, { policies: ['skip_row'] }, modifier);
      expect(skipping.convert(value, () => undefined)).toBeInstanceOf(SkippedRow);
      const nulling = columnPlan(type, { policies: ['null'] }, modifier);
      expect(nulling.convert(value, () => undefined)).toBeNull();
    },
  );

  it('has an example of each that mends a value', () => {
    expect([...POLICY_EXAMPLES.map(({ policy }) => policy), 'null', 'skip_row']).toEqual(
      Object.keys(POLICIES),
    );
  });
});

describe('what the guide says of the mapping file', () => {
  const blocks = [...GUIDE.matchAll(/^```jsonc?\n(.*?)^```$/gms)].map(([, text = '']) => text);

  it('has examples that are mappings', () => {
    expect(blocks.length).toBeGreaterThan(0);
    const refused = blocks.filter((block) => !mappingFileSchema.safeParse(parse(block)).success);
    expect(refused).toEqual([]);
  });

  it.each([
    'where',
    'columns',
    'add',
    'namespaces',
    'skip',
    'drop',
    'target',
    'convert',
    'policies',
  ])('explains the key %s', (key) => {
    expect(GUIDE).toContain(`\`${key}\``);
  });

  it.each(['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in', 'not_in', 'is_null', 'is_not_null'])(
    'explains the operator %s',
    (operator) => {
      expect(GUIDE).toContain(`\`${operator}\``);
    },
  );

  it('names the JSON Schema where it is', () => {
    expect(GUIDE).toContain(`./${MAPPING_SCHEMA_FILE}`);
  });
});

describe('the JSON Schema of the mapping file', () => {
  it('is that of the code', async () => {
    const rendered = await renderDocument(MAPPING_SCHEMA_FILE);
    expect(readText(MAPPING_SCHEMA_FILE), 'run: npm run docs').toBe(rendered);
  });

  it('describes every conversion and every policy for the editor', () => {
    const text = readText(MAPPING_SCHEMA_FILE);
    const words: Readonly<Record<string, string>> = { ...NAMED_CONVERSIONS, ...POLICIES };
    const undescribed = Object.entries(words).filter(([word, description]) => {
      const [, after = ''] = text.split(`"const": "${word}"`);
      return !after.slice(0, description.length + 60).includes(description);
    });
    expect(undescribed).toEqual([]);
    for (const name of Object.keys(PARAMETER_CONVERSIONS)) expect(text).toContain(`"${name}": {`);
  });
});

describe('a mapping as a TypeScript module', () => {
  it('is checked by the type MappingFile', () => {
    const mapping = {
      version: 1,
      namespaces: { users: '5f0d6a0e-3c1b-4f57-9a41-7d2b8c6e1f90' },
      tables: {
        users: {
          target: 'people',
          where: [{ column: 'id', op: 'gt', value: 2n ** 60n }],
          columns: {
            id: { convert: { uuid_v5: 'users' } },
            mail: { convert: ['trim', { values: { '': null } }], policies: ['truncate'] },
            // @ts-expect-error there is no such policy
            name: { policies: ['cut'] },
            // @ts-expect-error there is no such conversion
            role: { convert: 'lowercase' },
          },
          add: { origin: { constant: 'sqlite' }, at: { default: true } },
        },
        logs: { skip: 'old' },
      },
    } satisfies MappingFile;
    const parsed = mappingFileSchema.safeParse(mapping);
    expect(parsed.error?.issues.map(({ path }) => path.slice(0, 5).join('.'))).toEqual([
      'tables.users.columns.name.policies',
      'tables.users.columns.role.convert',
    ]);
  });
});

it('the mappings of the examples are mappings', () => {
  const text = readFileSync(
    new URL('../../../examples/hyperpage/mapping.json', import.meta.url),
    'utf8',
  );
  expect(mappingFileSchema.safeParse(parse(text))).toMatchObject({ success: true });
});
