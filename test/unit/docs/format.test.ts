import { expect, it } from 'vitest';
import {
  ARTIFACT_FORMAT,
  FORMAT_VERSION,
  manifestSchema,
} from '../../../scripts/lib/artifact/manifest.ts';
import { schemaFields } from '../../../scripts/lib/docs/schema-fields.ts';
import { STAGES } from '../../../scripts/lib/model/stage.ts';
import { readText, sectionOf, tableRows } from './documents.ts';

const FORMAT = readText('scripts/lib/artifact/FORMAT.md');
const MANIFEST = sectionOf(FORMAT, '## manifest.json');

it('FORMAT.md names every key of the manifest', () => {
  const keys = schemaFields(manifestSchema).map(({ path }) => path.split('.').at(-1) ?? '');
  expect(keys).toContain('collation');
  const missing = keys.filter((key) => !MANIFEST.includes(`\`${key.replaceAll('[]', '')}\``));
  expect(missing).toEqual([]);
});

it('FORMAT.md names every value that a key of the manifest may have', () => {
  const values = schemaFields(manifestSchema).flatMap(({ type }) => type.match(/`[^`]+`/g) ?? []);
  expect(values).toContain('`shadow-table`');
  const text = MANIFEST.replaceAll('`"', '`').replaceAll('"`', '`');
  expect(values.filter((value) => !text.includes(value))).toEqual([]);
});

it('FORMAT.md names every stage under which a report is kept', () => {
  const files = sectionOf(FORMAT, '## Files');
  expect(STAGES.filter((stage) => !files.includes(`\`${stage}\``))).toEqual([]);
});

it('FORMAT.md speaks of the version that is written, and of every one before it', () => {
  expect(FORMAT).toContain(`format version ${FORMAT_VERSION}\n`);
  expect(MANIFEST).toContain(`\`"${ARTIFACT_FORMAT}"\``);
  const versions = tableRows(sectionOf(FORMAT, '## Versions')).map(([version]) => version);
  expect(versions).toEqual(Array.from({ length: FORMAT_VERSION }, (_, index) => `${index + 1}`));
});
