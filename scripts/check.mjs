/** `npm run check`: format, lint, types and unit tests, in seconds. */
import fs from 'node:fs'
import { incompleteEntries, unpinned } from './lock-check.mjs'
import { prepare } from './prepare.mjs'
import { Problem, runStep, say } from './progress.mjs'
import { tool, toolEnv } from './runtime.mjs'

export async function check() {
  await prepare({ dev: true })
  const { failed } = await staticChecks()
  const code = await runStep('Unit tests', tool('vitest', 'run', '--project', 'unit'), { env: testEnv() })
  if (failed.length > 0 || code !== 0) throw new Problem('Some checks failed; the reasons are above.')
  say('All checks passed')
}

/**
 * Everything that can be said without running the product.
 * @returns {Promise<import('./tally.mjs').Part>}
 */
export async function staticChecks() {
  const part = { name: 'checks', passed: 0, failed: [], skipped: [] }
  const count = (name, ok) => (ok ? part.passed++ : part.failed.push(`checks > ${name}`))
  count('every version in package.json is exact', holds('Not exact', unpinned(readJson('package.json'))))
  count(
    'package-lock.json is whole on every platform',
    holds('Not in package-lock.json', incompleteEntries(readJson('package-lock.json'))),
  )
  const steps = [
    ['format and lint', tool('biome', 'check', '--error-on-warnings', '.')],
    // Routes have types of their own (PageProps), which Next writes.
    ['route types', tool('next', 'typegen')],
    ['types', tool('tsc', '-p', 'tsconfig.json')],
    ['types of the tests', tool('tsc', '-p', 'tsconfig.test.json')],
  ]
  for (const [name, command] of steps) {
    count(name, (await runStep(`Checking ${name}`, command, { env: toolEnv(), quiet: true })) === 0)
  }
  return part
}

/** NODE_ENV as the test runner wants it, whatever the shell has. */
export function testEnv(more = {}) {
  return toolEnv({ NODE_ENV: 'test', ...more })
}

function holds(problem, list) {
  for (const item of list) say(`${problem}: ${item}`)
  return list.length === 0
}

function readJson(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'))
}
