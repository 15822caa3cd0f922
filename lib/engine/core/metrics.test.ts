/** ruleEvaluationMetrics, from the words of the documentation. */
import { describe, expect, it } from 'vitest'
import { ACCEPTANCE, aDesk, answer, type Desk, STANDALONE, start } from './testing/desk.ts'

const attribute = (name: string) => `flatten(teams[*].players.attributes[${name}])`
const near = (name: string, maxDistance: number) => ({
  name,
  type: 'distance',
  measurements: [`max(${attribute('skill')})`],
  referenceValue: `min(${attribute('skill')})`,
  maxDistance,
})
/** Rules of every kind: one that is enforced, a compound, its leaves, and one that only sorts. */
const RULE_SET = JSON.stringify({
  ruleLanguageVersion: '1.0',
  playerAttributes: [{ name: 'skill', type: 'number', default: 10 }],
  teams: [{ name: 'side', minPlayers: 1, maxPlayers: 1, quantity: 2 }],
  rules: [
    near('close', 5),
    near('leaf', 3),
    { name: 'other leaf', type: 'comparison', measurements: [attribute('skill')], operation: '>', referenceValue: 0 },
    { name: 'either', type: 'compound', statement: 'or(leaf, other leaf)' },
    { name: 'nearest', type: 'distanceSort', sortDirection: 'ascending', sortAttribute: 'skill' },
  ],
})
const NAMES = ['close', 'leaf', 'other leaf', 'either', 'nearest']
type Counts = [passed: number, failed: number]

function aPool(more: Record<string, unknown> = STANDALONE): Desk {
  return aDesk({ ruleSet: RULE_SET, configuration: more })
}
function skilled(desk: Desk, ticketId: string, N: number): void {
  start(desk, ticketId, [], { Players: [{ PlayerId: `${ticketId}-p`, PlayerAttributes: { skill: { N } } }] })
}

/** The counts of the newest event of the type, by rule; the rules of the rule set, each once, in its order. */
function counts(desk: Desk, type: string): Record<string, Counts> {
  const detail = desk.events.map((event) => event.detail).findLast((one) => one.type === type)
  if (!detail || !('ruleEvaluationMetrics' in detail)) throw new Error(`no metrics in ${type}`)
  const metrics = detail.ruleEvaluationMetrics ?? []
  expect(metrics.map(({ ruleName }) => ruleName)).toEqual(NAMES)
  return Object.fromEntries(
    metrics.map(({ ruleName, passedCount, failedCount }) => [ruleName, [passedCount, failedCount]]),
  )
}
const passed = (count: Counts | undefined) => count?.[0] ?? Number.NaN
const failed = (count: Counts | undefined) => count?.[1] ?? Number.NaN

describe('ruleEvaluationMetrics', () => {
  it('have an entry for every rule, with 0 and 0 for a ticket that was cancelled at once', () => {
    const desk = aPool()
    skilled(desk, 'a', 10)
    desk.send('StopMatchmaking', { TicketId: 'a' })
    expect(counts(desk, 'MatchmakingCancelled')).toEqual(Object.fromEntries(NAMES.map((name) => [name, [0, 0]])))
  })

  it('of a match of two that nothing stood in the way of have passes and no failure', () => {
    const desk = aPool()
    skilled(desk, 'a', 10)
    skilled(desk, 'b', 12)
    desk.pass(1000)
    const { close, leaf, either } = counts(desk, 'PotentialMatchCreated')
    for (const count of [close, leaf, either]) {
      expect(passed(count)).toBeGreaterThan(0)
      expect(failed(count)).toBe(0)
    }
  })

  it('of a match are the sum of what was weighed against its oldest ticket in that pass', () => {
    const desk = aPool()
    for (const [index, skill] of [10, 40, 60, 80, 12].entries()) skilled(desk, `t${index}`, skill)
    desk.pass(1000)
    expect(desk.status('t4')).toBe('COMPLETED')
    const { close } = counts(desk, 'PotentialMatchCreated')
    expect(failed(close)).toBe(3)
    expect(passed(close)).toBeGreaterThanOrEqual(1)
  })

  it('of a match say what its first ticket was refused with before', () => {
    const desk = aPool()
    skilled(desk, 'a', 10)
    for (const [index, skill] of [40, 60, 80].entries()) skilled(desk, `far-${index}`, skill)
    desk.pass(1000)
    skilled(desk, 'b', 10)
    desk.send('StopMatchmaking', { TicketId: 'far-0' })
    expect(failed(counts(desk, 'MatchmakingCancelled').close)).toBeGreaterThan(0)
    desk.pass(1000)
    expect(passed(counts(desk, 'PotentialMatchCreated').close)).toBeGreaterThan(0)
  })

  it.each([
    ['MatchmakingTimedOut', (desk: Desk) => desk.pass(120_000)],
    ['MatchmakingCancelled', (desk: Desk) => desk.send('StopMatchmaking', { TicketId: 'a' })],
  ])('of a ticket that ends alone are what it has seen since it entered the pool: %s', (type, end) => {
    const desk = aPool()
    skilled(desk, 'a', 10)
    skilled(desk, 'b', 90)
    desk.pass(1000)
    skilled(desk, 'c', 50)
    desk.pass(1000)
    end(desk)
    const { close, either } = counts(desk, type)
    expect(failed(close)).toBeGreaterThanOrEqual(2)
    expect(passed(close)).toBeGreaterThanOrEqual(0)
    expect(failed(either)).toBe(0)
  })

  it('never shrink while a ticket waits, also not through a match that fell through', () => {
    const desk = aPool({ ...STANDALONE, ...ACCEPTANCE })
    skilled(desk, 'a', 10)
    skilled(desk, 'far', 90)
    desk.pass(1000)
    skilled(desk, 'b', 10)
    desk.pass(1000)
    const proposed = counts(desk, 'PotentialMatchCreated')
    answer(desk, 'a', 'ACCEPT')
    answer(desk, 'b', 'REJECT')
    expect(desk.status('a')).toBe('SEARCHING')
    desk.pass(3000)
    desk.send('StopMatchmaking', { TicketId: 'a' })
    const { close } = counts(desk, 'MatchmakingCancelled')
    expect(passed(close)).toBeGreaterThanOrEqual(passed(proposed.close))
    expect(failed(close)).toBeGreaterThanOrEqual(1)
  })

  it('are in the event of a failed placement as well', () => {
    const desk = aDesk({ ruleSet: RULE_SET, options: { placement: { outcome: 'fail' } } })
    skilled(desk, 'a', 10)
    skilled(desk, 'b', 12)
    desk.pass(5000)
    expect(passed(counts(desk, 'MatchmakingFailed').close)).toBeGreaterThan(0)
  })

  it('are those of the rule set that is in use now, where it was exchanged', () => {
    const desk = aPool()
    skilled(desk, 'a', 10)
    skilled(desk, 'b', 90)
    desk.pass(1000)
    const RuleSetBody = RULE_SET.replaceAll('"close"', '"closer"')
    desk.send('CreateMatchmakingRuleSet', { Name: 'closer', RuleSetBody })
    desk.send('UpdateMatchmakingConfiguration', { Name: 'duel', RuleSetName: 'closer' })
    desk.pass(2000)
    desk.send('StopMatchmaking', { TicketId: 'a' })
    const detail = desk.events.at(-1)?.detail
    const metrics = detail && 'ruleEvaluationMetrics' in detail ? detail.ruleEvaluationMetrics : []
    expect(metrics?.map(({ ruleName }) => ruleName)).toEqual(['closer', ...NAMES.slice(1)])
    expect(metrics?.[0]?.failedCount).toBeGreaterThan(0)
  })
})
