/** `npm test`: everything, from the lock file to the browser, and one count at the end. */
import fs from 'node:fs'
import path from 'node:path'
import { staticChecks, testEnv } from './check.mjs'
import { prepare } from './prepare.mjs'
import { Problem, runStep, say } from './progress.mjs'
import { tool } from './runtime.mjs'
import { readPlaywright, readVitest, summary } from './tally.mjs'
import { ensureTestPrograms } from './test-programs.mjs'

const RESULTS = '.test-data/results'

export async function testEverything() {
  fs.rmSync(RESULTS, { recursive: true, force: true })
  await prepare({ dev: true })
  const programs = await ensureTestPrograms()
  const parts = [await staticChecks(), await unitAndIntegration()]
  const notBuilt = await build()
  if (notBuilt) parts.push({ name: 'browser', passed: 0, failed: [notBuilt], skipped: [] })
  else parts.push(await browserTests(programs))

  const { ok, lines } = summary(parts)
  say('Everything has run')
  console.log(lines.join('\n'))
  process.exit(ok ? 0 : 1)
}

async function unitAndIntegration() {
  const file = path.resolve(RESULTS, 'vitest.json')
  const command = tool('vitest', 'run', '--reporter=default', '--reporter=./scripts/vitest-reporter.mjs')
  const code = await runStep('Unit and integration tests', command, { env: testEnv({ MATCHDESK_TALLY_FILE: file }) })
  return readVitest('unit, integration', file, code)
}

/** The reason why there is no build, or null. */
async function build() {
  try {
    await prepare({ dev: true, built: true })
    return null
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return `browser: ${error.message}`
  }
}

async function browserTests(programs) {
  const file = path.resolve(RESULTS, 'playwright.json')
  const env = testEnv({ ...programs, PLAYWRIGHT_JSON_OUTPUT_NAME: file, FORCE_COLOR: '0' })
  const code = await runStep('Browser tests', tool('playwright', 'test', '--reporter=list,json'), { env })
  return readPlaywright('browser', file, code)
}
