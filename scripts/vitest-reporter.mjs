/** Writes what scripts/tally.mjs reads: Vitest's own JSON report leaves out why a test was skipped. */
import fs from 'node:fs'
import path from 'node:path'

export default class TallyReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const report = { passed: 0, failed: [], skipped: [] }
    for (const error of unhandledErrors) report.failed.push(`outside of all tests: ${error.message}`)
    for (const module of modules) {
      const file = `${module.project.name} > ${module.relativeModuleId}`
      for (const error of module.errors()) report.failed.push(`${file}: ${error.message}`)
      for (const suite of module.children.allSuites()) {
        for (const error of suite.errors()) report.failed.push(`${file} > ${suite.fullName}: ${error.message}`)
      }
      for (const test of module.children.allTests()) {
        const { state, note = '' } = test.result()
        const name = `${file} > ${test.fullName}`
        if (state === 'passed') report.passed++
        else if (state === 'skipped') report.skipped.push({ name, reason: note })
        else report.failed.push(name)
      }
    }
    fs.mkdirSync(path.dirname(process.env.MATCHDESK_TALLY_FILE), { recursive: true })
    fs.writeFileSync(process.env.MATCHDESK_TALLY_FILE, JSON.stringify(report))
  }
}
