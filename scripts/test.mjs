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
const FAULT_SPECS = ['crash-points', 'database-outage', 'durability', 'faults', 'load', 'replicas'].map(
  (name) => `e2e/${name}`,
)

export async function testEverything() {
  fs.rmSync(RESULTS, { recursive: true, force: true })
  await prepare({ dev: true })
  const programs = await ensureTestPrograms()
  const parts = [
    await staticChecks(),
    await vitest('unit, integration', 'Unit and integration tests', ['--project', 'unit', '--project', 'integration']),
  ]
  const notBuilt = await build()
  if (notBuilt) parts.push({ name: 'browser', passed: 0, failed: [notBuilt], skipped: [] })
  else parts.push(await browserTests(programs))

  const { ok, lines } = summary(parts)
  say('Everything has run')
  console.log(lines.join('\n'))
  process.exit(ok ? 0 : 1)
}

/** `npm run test:faults`: the fault tests in full size, which take as long as they take. MATCHDESK_FAULTS=small shortens them. */
export async function testFaults() {
  fs.rmSync(RESULTS, { recursive: true, force: true })
  process.env.MATCHDESK_FAULTS ||= 'full'
  await prepare({ dev: true })
  const programs = await ensureTestPrograms()
  const parts = [await vitest('faults', 'Fault tests of the parts', ['--project', 'faults'])]
  const notBuilt = await build()
  if (notBuilt) parts.push({ name: 'browser', passed: 0, failed: [notBuilt], skipped: [] })
  else parts.push(await browserTests(programs, FAULT_SPECS))
  const { ok, lines } = summary(parts)
  console.log(lines.join('\n'))
  process.exit(ok ? 0 : 1)
}

/** @param {string} name @param {string} title @param {string[]} args */
async function vitest(name, title, args) {
  const file = path.resolve(RESULTS, `${name.replace(/\W+/g, '-')}.json`)
  const command = tool('vitest', 'run', ...args, '--reporter=default', '--reporter=./scripts/vitest-reporter.mjs')
  const code = await runStep(title, command, { env: testEnv({ MATCHDESK_TALLY_FILE: file }) })
  return readVitest(name, file, code)
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

/** @param {Record<string, string | undefined>} programs @param {string[]} [specs] all when left out */
async function browserTests(programs, specs = []) {
  const file = path.resolve(RESULTS, 'playwright.json')
  const env = testEnv({ ...programs, PLAYWRIGHT_JSON_OUTPUT_NAME: file, FORCE_COLOR: '0' })
  const code = await runStep('Browser tests', tool('playwright', 'test', ...specs, '--reporter=list,json'), { env })
  return readPlaywright('browser', file, code)
}
