import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import * as prettier from 'prettier';

import { generatedSections } from './generated-sections.ts';
import { fillSections } from './sections.ts';

const ROOT = new URL('../../../', import.meta.url);

/** Every document that users read, as paths from the project's root. */
export const DOCUMENTS = [
  'README.md',
  'MIGRATION_GUIDE.md',
  'CHANGELOG.md',
  'scripts/lib/artifact/FORMAT.md',
  'scripts/lib/model/REPORTS.md',
] as const;

/** The absolute path of a document, or of any file that one names. */
export function projectPath(file: string): string {
  return fileURLToPath(new URL(file, ROOT));
}

/** A document's text as it should be: its generated sections made anew from the code, and formatted. */
export async function renderDocument(file: string): Promise<string> {
  const path = projectPath(file);
  const filled = fillSections(await readFile(path, 'utf8'), generatedSections());
  const options = await prettier.resolveConfig(path);
  return prettier.format(filled, { ...options, filepath: path });
}

/** Brings the documents up to date and returns those that were not. */
export async function rewriteDocuments(): Promise<string[]> {
  const rewritten: string[] = [];
  for (const file of DOCUMENTS) {
    const rendered = await renderDocument(file);
    if (rendered === (await readFile(projectPath(file), 'utf8'))) continue;
    await writeFile(projectPath(file), rendered);
    rewritten.push(file);
  }
  return rewritten;
}
