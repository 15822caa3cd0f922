/** Adds up what passed, failed and was skipped over every kind of test. */
import fs from 'node:fs'

/**
 * `unsteady`: tests that passed at a second try only; they are among the passed.
 * @typedef {{ name: string, passed: number, failed: string[], unsteady?: string[], skipped: { name: string, reason: string }[] }} Part
 */

/**
 * What scripts/vitest-reporter.mjs wrote. No file means that the run died before its end.
 * @param {string} name
 * @param {string} file
 * @param {number} exitCode
 * @returns {Part}
 */
export function readVitest(name, file, exitCode) {
  const report = readJson(file)
  if (!report) return { name, passed: 0, failed: [`${name}: the run ended without a report`], skipped: [] }
  return withExitCode({ name, ...report }, exitCode)
}

/**
 * Playwright's JSON report. A test that passed at a second try is named: it is not reliable.
 * @param {string} name
 * @param {string} file
 * @param {number} exitCode
 * @returns {Part}
 */
export function readPlaywright(name, file, exitCode) {
  const report = readJson(file)
  if (!report) return { name, passed: 0, failed: [`${name}: the run ended without a report`], skipped: [] }
  const part = { name, passed: 0, failed: [], unsteady: [], skipped: [] }
  for (const error of report.errors ?? []) part.failed.push(`${name}: ${firstLine(error.message)}`)
  for (const { title, tests } of specsOf(report.suites ?? [], [])) {
    for (const test of tests) {
      if (test.status === 'expected' || test.status === 'flaky') part.passed++
      if (test.status === 'flaky') part.unsteady.push(title)
      if (test.status === 'expected' || test.status === 'flaky') continue
      if (test.status !== 'skipped') part.failed.push(title)
      else part.skipped.push({ name: title, reason: skipReason(test) })
    }
  }
  return withExitCode(part, exitCode)
}

/**
 * The lines of the summary, the last one being the count. A skip without a reason counts as failed.
 * @param {Part[]} parts
 */
export function summary(parts) {
  const unexplained = parts.flatMap(({ skipped }) => skipped.filter(({ reason }) => !reason))
  const skipped = parts.flatMap((part) => part.skipped.filter(({ reason }) => reason))
  const failed = [
    ...parts.flatMap((part) => part.failed),
    ...unexplained.map(({ name }) => `${name}: skipped without a reason`),
  ]
  const unsteady = parts.flatMap((part) => part.unsteady ?? [])
  const passed = parts.reduce((sum, part) => sum + part.passed, 0)
  const lines = [
    '',
    ...parts.map((part) => `${part.name.padEnd(20)} ${String(part.passed).padStart(5)} passed`),
    ...(skipped.length > 0 ? ['', 'Skipped:', ...skipped.map(({ name, reason }) => `  ${name}: ${reason}`)] : []),
    ...(unsteady.length > 0 ? ['', 'Passed at the second try only:', ...unsteady.map((name) => `  ${name}`)] : []),
    ...(failed.length > 0 ? ['', 'Failed:', ...failed.map((name) => `  ${name}`)] : []),
    '',
    `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`,
  ]
  return { ok: failed.length === 0, lines }
}

/** A run can fail without a failing test, for example by an error outside of all tests. */
function withExitCode(part, exitCode) {
  if (exitCode !== 0 && part.failed.length === 0) part.failed.push(`${part.name}: ended with exit code ${exitCode}`)
  return part
}

function* specsOf(suites, path) {
  for (const suite of suites) {
    const here = [...path, suite.title]
    for (const spec of suite.specs ?? []) yield { title: [...here, spec.title].join(' > '), tests: spec.tests }
    yield* specsOf(suite.suites ?? [], here)
  }
}

function skipReason(test) {
  return test.annotations?.find(({ type }) => type === 'skip' || type === 'fixme')?.description ?? ''
}

function firstLine(text = '') {
  return text.split('\n')[0]
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
