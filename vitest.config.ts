import { defineConfig } from 'vitest/config'

/** Integration tests that are lived at another size by `npm run test:faults`. */
const WITH_FULL_SIZE = [
  'lib/tickets/three-channels.integration.test.ts',
  'lib/tickets/rebuild-index.integration.test.ts',
  'lib/channels/sqs/killed.integration.test.ts',
  'lib/channels/sqs/queue-to-index.integration.test.ts',
]

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
          include: ['{lib,bench}/**/*.integration.test.ts', 'lib/**/*.faults.test.ts'],
          globalSetup: ['./lib/db/testing/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          // The fault tests, for `npm run test:faults`, which asks for their full size, and the integration tests that have one.
          name: 'faults',
          include: ['lib/**/*.faults.test.ts', ...WITH_FULL_SIZE],
          globalSetup: ['./lib/db/testing/global-setup.ts'],
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
