import { describe, expect, it } from 'vitest'
import { exitCode, type Finding, figure, judged, line, table } from './rows.ts'

const aFinding = (given: Partial<Finding> = {}): Finding => ({
  ...{ id: 'E1', what: '1v1, 10,000', cpuMs: 12.34, perCpuSecond: 810_372, value: 12, unit: '% of the rate' },
  ...{ anchor: 'typed-array limit', base: 10, moon: 30, better: 'higher', ...given },
})

describe('judged', () => {
  it('says how far a figure got when more is better', () => {
    const verdicts = [9.99, 10, 29.9, 30].map((value) => judged(aFinding({ value })).verdict)
    expect(verdicts).toEqual(['FAIL', 'pass', 'pass', 'moon'])
  })

  it('says how far a figure got when less is better', () => {
    const goal = { base: 20, moon: 5, better: 'lower' as const }
    const verdicts = [20.1, 20, 5.1, 5].map((value) => judged(aFinding({ ...goal, value })).verdict)
    expect(verdicts).toEqual(['FAIL', 'pass', 'pass', 'moon'])
  })

  it('passes nothing that was cut short or not measured, however good it looks', () => {
    expect(judged(aFinding({ value: 100, cut: true })).verdict).toBe('FAIL')
    expect(judged(aFinding({ value: null })).verdict).toBe('FAIL')
    expect(judged(aFinding({ value: Number.NaN, better: 'lower' })).verdict).toBe('FAIL')
    expect(judged(aFinding({ value: Infinity })).verdict).toBe('FAIL')
  })

  it('claims no goal on a pool that is smaller than the goal speaks of, and still misses it there', () => {
    expect(judged(aFinding({ value: 99, smaller: true })).verdict).toBe('pass here')
    expect(judged(aFinding({ value: 1, smaller: true })).verdict).toBe('FAIL')
  })
})

describe('exitCode', () => {
  const passed = judged(aFinding())
  const failed = judged(aFinding({ value: 1 }))

  it('fails the command when one row is below base', () => {
    expect(exitCode([passed, failed], false)).toBe(1)
    expect(exitCode([passed, judged(aFinding({ smaller: true }))], false)).toBe(0)
  })

  it('fails no command that only reports', () => {
    expect(exitCode([passed, failed], true)).toBe(0)
  })
})

describe('table', () => {
  it('has one line per row, with cost, ratio, goals and result, in columns', () => {
    const lines = table([judged(aFinding()), judged(aFinding({ id: 'E9', value: 3, note: 'slow' }))]).split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[2]).toMatch(
      /^E1 .* 12\.3 .* 810,000 .* 12 % of the rate .* typed-array limit .* >= 10 .* >= 30 .* pass$/,
    )
    expect(lines[3]).toMatch(/FAIL\s+slow$/)
    expect(lines[3]!.indexOf('FAIL')).toBe(lines[2]!.indexOf('pass'))
  })

  it('says of a row that was cut or not measured that it was', () => {
    expect(line(judged(aFinding({ cut: true, note: 'and more' })))).toContain(
      'cut: not done within the time allowed; and more',
    )
    expect(line(judged(aFinding({ value: null, cpuMs: null })))).toContain('nothing')
  })
})

describe('figure', () => {
  it('shows three digits that count', () => {
    expect([0.000123, 0.05, 1.2345, 1234, 1_234_567].map(figure)).toEqual([
      '0.0001',
      '0.05',
      '1.23',
      '1,230',
      '1,230,000',
    ])
  })
})
