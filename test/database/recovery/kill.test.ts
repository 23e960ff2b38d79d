import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { importInProcess } from '../../support/in-process.ts';
import { runScript, startScript } from '../../support/run-script.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { uninterrupted, type Contents } from './contents.ts';
import { chance, repetitions } from './random.ts';
import { createShop, type Shop } from './shop.ts';
import { describeMoments, tellStory, type Moments, type StartImport } from './stories.ts';

const folder = temporaryFolder();
const random = chance();
/** So many that the indexes of the largest table are built after them. */
const ROWS = 12_000;
/** Each is killed once or twice. */
const PROCESSES = repetitions(3);
const DEATHS = repetitions(8);
const WITH_MANY_KILLS = 3_600_000;

/** One whose artifact was verified, which is loaded otherwise, and one whose was not. */
let shops: readonly Shop[];
let contents: Contents;

beforeAll(async () => {
  const shop = await createShop(folder, ROWS);
  contents = await uninterrupted(shop);
  const artifact = join(folder, 'verified');
  cpSync(shop.artifact, artifact, { recursive: true });
  const { exitCode, stderr } = await runScript('verify', [artifact]);
  if (exitCode !== 0) throw new Error(stderr);
  shops = [{ ...shop, artifact }, shop];
});

type Importing = (artifact: string) => StartImport;

const startProcess: Importing =
  (artifact) =>
  (url, { jobs, keepConstraints, truncate }) => {
    const { kill, finished } = startScript('import', [
      artifact,
      '--target',
      url,
      '--skip-migration-check',
      '--quiet',
      '--jobs',
      String(jobs),
      ...(keepConstraints ? ['--keep-constraints'] : []),
      ...(truncate ? ['--truncate'] : []),
    ]);
    return { die: () => kill('SIGKILL'), ended: finished.then(({ exitCode }) => exitCode) };
  };

/** For the server a process that dies is its connections that all end at once; that is quicker to have. */
const startDisconnectable: Importing = (artifact) => (url, options, proxy) => ({
  die: () => void proxy.refuse(),
  ended: importInProcess(artifact, url, { ...options, rowsToDropIndexes: 1 }).then(
    ({ exitCode }) => exitCode,
  ),
});

/** Of both shops in turn. */
async function tellStories(
  count: number,
  start: Importing,
  mayEndWith: readonly (number | null)[],
): Promise<Moments> {
  const moments: Moments = new Map();
  for (let story = 0; story < count; story++) {
    const shop = shops[story % shops.length];
    if (shop === undefined) throw new Error('there are shops');
    await tellStory(shop, contents, random, start(shop.artifact), { mayEndWith, moments });
  }
  return moments;
}

it(
  `loads everything once, however often a process is killed (${PROCESSES} imports, seed ${random.seed})`,
  async () => {
    const moments = await tellStories(PROCESSES, startProcess, [null, 12]);
    console.log(`seed ${random.seed}: killed during ${describeMoments(moments)}`);
    expect(moments.size).toBeGreaterThan(0);
  },
  WITH_MANY_KILLS,
);

it(
  `loads everything once, however often all its connections end (${DEATHS} imports, seed ${random.seed})`,
  async () => {
    const moments = await tellStories(DEATHS, startDisconnectable, [12]);
    console.log(`seed ${random.seed}: cut off during ${describeMoments(moments)}`);
    expect(moments.size).toBeGreaterThan(0);
  },
  WITH_MANY_KILLS,
);
