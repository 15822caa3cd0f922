import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { readPlaywright, readVitest, summary } from './tally.mjs'

const none = { failed: [], skipped: [] }

it('ends with one count over everything, after each skip and its reason', () => {
  const { ok, lines } = summary([
    { name: 'checks', passed: 5, ...none },
    { name: 'unit', passed: 10, failed: [], skipped: [{ name: 'boto3', reason: 'boto3 is not installed' }] },
  ])
  expect(ok).toBe(true)
  expect(lines.at(-1)).toBe('15 passed, 0 failed, 1 skipped')
  expect(lines).toContain('  boto3: boto3 is not installed')
})

it('names what passed at the second try only', () => {
  const { ok, lines } = summary([{ name: 'browser', passed: 2, failed: [], unsteady: ['a > wobbles'], skipped: [] }])
  expect(ok).toBe(true)
  expect(lines.slice(-4)).toEqual([
    'Passed at the second try only:',
    '  a > wobbles',
    '',
    '2 passed, 0 failed, 0 skipped',
  ])
})

it('counts a skip without a reason as failed', () => {
  const { ok, lines } = summary([{ name: 'unit', passed: 1, failed: [], skipped: [{ name: 'a', reason: '' }] }])
  expect(ok).toBe(false)
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped')
})

it('counts a run without a report, and one that failed outside of its tests', () => {
  expect(readVitest('unit', '/nonexistent', 0).failed).toEqual(['unit: the run ended without a report'])
  expect(readPlaywright('e2e', written({ suites: [] }), 1).failed).toEqual(['e2e: ended with exit code 1'])
})

it('reads passed, failed, unreliable and skipped tests of a browser run, however deep', () => {
  const spec = (title: string, status: string, annotations: object[] = []) => ({
    title,
    tests: [{ status, annotations }],
  })
  const report = {
    errors: [{ message: 'The server did not start.\nmore' }],
    suites: [
      {
        title: 'a.spec.ts',
        specs: [spec('works', 'expected'), spec('breaks', 'unexpected')],
        suites: [
          {
            title: 'deep',
            specs: [spec('wobbles', 'flaky'), spec('waits', 'skipped', [{ type: 'skip', description: 'no browser' }])],
          },
        ],
      },
    ],
  }
  expect(readPlaywright('e2e', written(report), 1)).toEqual({
    name: 'e2e',
    passed: 2,
    failed: ['e2e: The server did not start.', 'a.spec.ts > breaks'],
    unsteady: ['a.spec.ts > deep > wobbles'],
    skipped: [{ name: 'a.spec.ts > deep > waits', reason: 'no browser' }],
  })
})

function written(report: object): string {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'matchdesk-tally-')), 'report.json')
  fs.writeFileSync(file, JSON.stringify(report))
  return file
}
