import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  analyzePage,
  importPage,
  summaryPage,
  verifyPage,
} from '../../../scripts/lib/html/report-pages.ts';
import type { ImportReport } from '../../../scripts/lib/model/reports/import.ts';
import { NO_CHROMIUM, findChromium } from '../../support/chromium.ts';
import { HOSTILE_NAMES, envelope, hostileTables, reportsOf } from '../../support/html-reports.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const program = findChromium();
let browser: Browser | undefined;
let pages: Readonly<Record<string, string>>;

beforeAll(async () => {
  const { analyzed, verified } = await reportsOf(
    folder,
    'hostile',
    hostileTables([...HOSTILE_NAMES, ...Array.from({ length: 8 }, (_, index) => `table${index}`)]),
  );
  const { story } = verified;
  if (story === undefined) throw new Error('it has no story');
  pages = {
    analyze: analyzePage(analyzed, HOSTILE_NAMES),
    verify: verifyPage({ ...verified, exitCode: 3 }, HOSTILE_NAMES),
    summary: summaryPage({
      ...envelope('verify'),
      ...story,
      artifact: verified.artifact,
      findings: [],
    }),
    import: importPage(manyTables(30), ['30 tables']),
    many: importPage(manyTables(2000), ['2,000 tables']),
  };
  if (program === undefined) return;
  browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
}, 60_000);

afterAll(async () => browser?.close());

function manyTables(count: number): ImportReport {
  const names = Array.from({ length: count }, (_, index) => `table_${index}`);
  return {
    ...envelope('import'),
    artifact: { path: 'exports/many', id: 'f'.repeat(64) },
    target: 'app@localhost:5432/many?schema=public',
    dryRun: false,
    run: { id: 'r', isResumed: false },
    totalRows: count,
    totalBytes: count,
    migrations: [],
    mapping: null,
    ledger: [],
    tables: names.map((name, index) => ({
      source: name,
      target: name,
      state: 'committed',
      rowCount: index,
      digest: 'f'.repeat(64),
      rowsLeftOut: 0,
      rowsBefore: 0,
      rowsAfter: index,
      sizeBytes: index,
      sequences: [],
      startedAt: new Date(index * 10).toISOString(),
      job: 1 + (index % 4),
      elapsedMs: 20,
    })),
    dependencies: {
      tables: names.map((name, index) => ({
        name,
        refersTo: index < 10 ? [] : [`table_${index % 10}`],
      })),
      cycles: [],
    },
    findings: names.map((table) => ({
      code: 'view',
      severity: 'warning',
      kind: 'structure',
      message: `something about ${table}`,
      where: { table },
      total: 1,
      examples: [],
    })),
  };
}

interface Opened {
  readonly page: Page;
  /** What it asked for beside itself, and what its policy refused. */
  readonly noise: readonly string[];
}

/** Opens a page with the network off. */
async function open(
  opened: Browser,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, pages[name] ?? '');
  const context = await opened.newContext({ offline: true, ...options });
  const page = await context.newPage();
  const noise: string[] = [];
  const { href } = pathToFileURL(file);
  page.on('request', (request) => {
    if (request.url() !== href) noise.push(request.url());
  });
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(error.message));
  await page.goto(href);
  return { page, noise };
}

const NAMES = ['analyze', 'verify', 'summary', 'import'];
const LOOKS: readonly BrowserContextOptions[] = [
  { colorScheme: 'light' },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
];

/** A browser needs its time where everything else wants the processors too. */
const SLOW = 90_000;

describe.each(NAMES)('the page of %s', { timeout: SLOW }, (name) => {
  it('opens without a network, asks for nothing and runs nothing of the data', async ({ skip }) => {
    if (browser === undefined) return skip(NO_CHROMIUM);
    const { page, noise } = await open(browser, name);
    expect(await page.title()).toMatch(/Analysis|Verification|story|Import/);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(1);
    expect(noise).toEqual([]);
    await page.context().close();
  });

  it.for(LOOKS)('has no serious fault of accessibility: $colorScheme', async (look, { skip }) => {
    if (browser === undefined) return skip(NO_CHROMIUM);
    const { page } = await open(browser, name, look);
    // The policy of the page keeps scripts of others out; a debugger may evaluate nevertheless.
    const faults = (await page.evaluate(
      `${axe.source}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, first: nodes[0].html.slice(0, 300) })))`,
    )) as readonly { readonly impact: string }[];
    expect(faults.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual(
      [],
    );
    await page.context().close();
  });

  it('is no wider than a phone', async ({ skip }) => {
    if (browser === undefined) return skip(NO_CHROMIUM);
    const { page } = await open(browser, name, { viewport: { width: 390, height: 844 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.context().close();
  });

  it('says the same without JavaScript', async ({ skip }) => {
    if (browser === undefined) return skip(NO_CHROMIUM);
    const [scripted, plain] = await Promise.all(
      [true, false].map(async (javaScriptEnabled) => {
        const { page } = await open(browser as Browser, name, { javaScriptEnabled });
        const rows = await page.locator('tbody tr').count();
        const text = await page.locator('h2, h3, caption').allInnerTexts();
        await page.context().close();
        return { rows, text };
      }),
    );
    expect(scripted).toEqual(plain);
    expect(plain?.rows).toBeGreaterThan(10);
  });
});

describe('the tables of a page', { timeout: SLOW }, () => {
  it('can be sorted by their numbers', async ({ skip }) => {
    if (browser === undefined) return skip(NO_CHROMIUM);
    const { page } = await open(browser, 'import');
    const table = page.locator('#tables table');
    const first = table.locator('tbody tr th').first();
    const rows = table.locator('thead th', { hasText: 'Rows' }).first();
    await rows.locator('button').click();
    expect(await first.innerText()).toBe('table_0');
    await rows.locator('button').click();
    expect(await first.innerText()).toBe('table_29');
    expect(await rows.getAttribute('aria-sort')).toBe('descending');
    await page.context().close();
  });

  it('can be filtered', async ({ skip }) => {
    if (browser === undefined) return skip(NO_CHROMIUM);
    const { page } = await open(browser, 'import');
    await page.locator('#tables .filter input').fill('table_2');
    expect(await page.locator('#tables .filter [role=status]').innerText()).toBe('12 of 30 rows');
    expect(await page.locator('#tables tbody tr:visible').count()).toBe(12);
    await page.context().close();
  });
});

it(
  'a page of 2,000 tables opens, and is no larger than three megabytes',
  { timeout: SLOW },
  async ({ skip }) => {
    expect(Buffer.byteLength(pages['many'] ?? '')).toBeLessThan(3_000_000);
    if (browser === undefined) return skip(NO_CHROMIUM);
    const { page, noise } = await open(browser, 'many');
    expect(await page.locator('#tables tbody tr').count()).toBe(2000);
    expect(noise).toEqual([]);
    await page.context().close();
  },
);
