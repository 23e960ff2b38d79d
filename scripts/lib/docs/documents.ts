import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import * as prettier from 'prettier';

import { generatedSections } from './generated-sections.ts';
import { MAPPING_SCHEMA_FILE, mappingSchema } from './mapping-schema.ts';
import { fillSections } from './sections.ts';

const ROOT = new URL('../../../', import.meta.url);

/** Every document that users read, as paths from the project's root. */
export const DOCUMENTS = [
  'README.md',
  'MIGRATION_GUIDE.md',
  'CHANGELOG.md',
  'scripts/lib/artifact/FORMAT.md',
  'scripts/lib/model/REPORTS.md',
  'examples/hyperpage/README.md',
  'docs/monitoring/README.md',
] as const;

/** The absolute path of a document, or of any file that one names. */
export function projectPath(file: string): string {
  return fileURLToPath(new URL(file, ROOT));
}

/**
 * The text of a document, or of the JSON Schema, as it should be: what is generated made anew from
 * the code, and formatted.
 */
export async function renderDocument(file: string): Promise<string> {
  const path = projectPath(file);
  const filled =
    file === MAPPING_SCHEMA_FILE
      ? mappingSchema()
      : fillSections(await readFile(path, 'utf8'), generatedSections());
  const options = await prettier.resolveConfig(path);
  return prettier.format(filled, { ...options, filepath: path });
}

/** Brings the documents and the JSON Schema up to date and returns those that were not. */
export async function rewriteDocuments(): Promise<string[]> {
  const rewritten: string[] = [];
  for (const file of [...DOCUMENTS, MAPPING_SCHEMA_FILE]) {
    const rendered = await renderDocument(file);
    const before = await readFile(projectPath(file), 'utf8').catch(() => undefined);
    if (rendered === before) continue;
    await writeFile(projectPath(file), rendered);
    rewritten.push(file);
  }
  return rewritten;
}
