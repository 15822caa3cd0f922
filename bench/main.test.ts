import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

const bench = (...args: string[]) =>
  spawnSync(process.execPath, ['bench/main.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })

it('measures, verifies and prints a row as JSON', () => {
  const { stdout, stderr, status } = bench('--quick', '--rows', 'E2p', '--tickets', '300', '--json', '--report-only')
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const [machine, row] = stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))
  expect(machine.machine.node).toBe(process.version)
  expect(row).toMatchObject({ id: 'E2p', what: 'parties, 300', base: 50_000, moon: 230_000 })
  expect(row.value).toBeGreaterThan(0)
  expect(row.note).toMatch(/% of the tickets matched/)
}, 120_000)

it('refuses a row it does not have', () => {
  const { stderr, status } = bench('--rows', 'E1,E77')
  expect(status).toBe(2)
  expect(stderr).toMatch(/^--rows takes .*E1, .* not E77\.$/m)
})
