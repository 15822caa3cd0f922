import { defineConfig } from 'vitest/config'

// Two projects: `unit` needs nothing but Node; `integration` starts one real PostgreSQL for the whole run.
export default defineConfig({
  test: {
    // The default leaves one processor idle; on two that takes twice as long.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          testTimeout: 30_000, // property tests on a busy machine; no test waits for real time
          include: ['lib/**/*.test.ts', 'components/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts', '**/*.faults.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['lib/**/*.integration.test.ts', 'lib/**/*.faults.test.ts'],
          globalSetup: ['./lib/db/testing/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          // The fault tests alone, for `npm run test:faults`, which asks for their full size. Each has a PostgreSQL of its
          // own that it may kill.
          name: 'faults',
          include: ['lib/**/*.faults.test.ts'],
          fileParallelism: false,
          testTimeout: 1_800_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
  // `server-only` throws outside a React server; tests run the same modules in plain Node.
  resolve: { alias: { 'server-only': new URL('./lib/db/testing/server-only.ts', import.meta.url).pathname } },
})
