import { beforeAll, expect, it } from 'vitest';
import { importInProcess } from '../../support/in-process.ts';
import { startScript } from '../../support/run-script.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { uninterrupted, type Contents } from './contents.ts';
import { chance, repetitions } from './random.ts';
import { createShop, type Shop } from './shop.ts';
import { describeMoments, tellStory, type Moments, type StartImport } from './stories.ts';

const folder = temporaryFolder();
const random = chance();
/** Each is killed once or twice. */
const PROCESSES = repetitions(3);
const DEATHS = repetitions(8);
const WITH_MANY_KILLS = 3_600_000;

let shop: Shop;
let contents: Contents;

beforeAll(async () => {
  shop = await createShop(folder, 5000);
  contents = await uninterrupted(shop);
});

const startProcess: StartImport = (url, { jobs, keepConstraints, truncate }) => {
  const { kill, finished } = startScript('import', [
    shop.artifact,
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
const startDisconnectable: StartImport = (url, options, proxy) => ({
  die: () => void proxy.refuse(),
  ended: importInProcess(shop.artifact, url, options).then(({ exitCode }) => exitCode),
});

it(
  `loads everything once, however often a process is killed (${PROCESSES} imports, seed ${random.seed})`,
  async () => {
    const moments: Moments = new Map();
    for (let story = 0; story < PROCESSES; story++) {
      await tellStory(shop, contents, random, startProcess, { mayEndWith: [null, 12], moments });
    }
    console.log(`seed ${random.seed}: killed during ${describeMoments(moments)}`);
    expect(moments.size).toBeGreaterThan(0);
  },
  WITH_MANY_KILLS,
);

it(
  `loads everything once, however often all its connections end (${DEATHS} imports, seed ${random.seed})`,
  async () => {
    const moments: Moments = new Map();
    for (let story = 0; story < DEATHS; story++) {
      await tellStory(shop, contents, random, startDisconnectable, { mayEndWith: [12], moments });
    }
    console.log(`seed ${random.seed}: cut off during ${describeMoments(moments)}`);
    expect(moments.size).toBeGreaterThan(0);
  },
  WITH_MANY_KILLS,
);
