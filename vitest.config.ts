import { defineConfig } from 'vitest/config';

/** Test files share no state, and use folders and databases of their own: so one process serves many of them. */
const isolate = false;

export default defineConfig({
  test: {
    // Most tests wait for a process or a server of their own.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          isolate,
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'database',
          isolate,
          include: ['test/database/**/*.test.ts'],
          globalSetup: ['test/support/postgres-global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'end-to-end',
          isolate,
          include: ['test/end-to-end/**/*.test.ts'],
          globalSetup: ['test/support/postgres-global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
