import { defineConfig } from '@playwright/test'

// A browser of the system where there is one (npm test finds it), else the one Playwright has downloaded.
const executablePath = process.env.CHROMIUM_PATH

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/server/global-setup.ts',
  // One Matchdesk serves all: two browsers at most, each spec with data of its own.
  workers: 2,
  forbidOnly: true,
  // Two browsers on whatever the machine has left: who is late once is asked again, and named in the summary.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    actionTimeout: 15_000,
    storageState: '.test-data/results/signed-in.json',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        '--no-sandbox', // there is no sandbox for root
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
