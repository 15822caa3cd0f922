import { expect, it } from 'vitest'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { inTwoTeams, verifyMatches } from '../verify.ts'
import { type Columns, clumps, crowds, REGIONS, singles } from './columns.ts'
import { isBackfill, poolTicket, ruleSetBodyOf, ticketIdOf, WORKLOADS, type WorkloadName, waveOf } from './workloads.ts'

const COUNT = 4_000
const ARRIVALS = 100

function sizes(groups: Iterable<number>): number[] {
  const counts = new Map<number, number>()
  for (const group of groups) counts.set(group, (counts.get(group) ?? 0) + 1)
  return [...counts.values()]
}

function homeOf({ latencyMs }: Columns, ticket: number): number {
  return REGIONS.findIndex((_, region) => latencyMs[ticket * REGIONS.length + region]! <= 100)
}

it('draws the same tickets every time', () => {
  expect(singles(50)).toEqual(singles(50))
})

it('gives every ticket of the hard pool eight others that suit it, and never a ninth', () => {
  const columns = clumps(COUNT, ARRIVALS)
  const clumpOf = (ticket: number) => Math.floor(columns.skill[ticket]! / 500)
  const before = sizes(Array.from({ length: COUNT - ARRIVALS }, (_, ticket) => clumpOf(ticket)))
  const after = sizes(Array.from({ length: COUNT }, (_, ticket) => clumpOf(ticket)))
  expect(Math.max(...before)).toBe(8)
  expect(after.filter((size) => size === 9)).toHaveLength(ARRIVALS)
  expect(Math.max(...after)).toBe(9)
  for (let ticket = 1; ticket < COUNT; ticket++) {
    const other = Array.from({ length: ticket }, (_, index) => index).find((one) => clumpOf(one) === clumpOf(ticket))
    if (other !== undefined) expect(homeOf(columns, other)).toBe(homeOf(columns, ticket))
  }
})

it('hides the same groups in one crowd, where only the game mode tells them apart', () => {
  const columns = crowds(COUNT, ARRIVALS)
  expect(Math.max(...columns.skill) - Math.min(...columns.skill)).toBeLessThan(WORKLOADS.hardmode.shape.maxSpread)
  const groups = sizes(columns.mode)
  expect(groups.filter((size) => size === 9)).toHaveLength(ARRIVALS)
  expect(Math.max(...groups)).toBe(9)
})

it.each(Object.keys(WORKLOADS) as WorkloadName[])('%s has a rule set that GameLift would take', (name) => {
  expect(() => parseRuleSet(ruleSetBodyOf(name))).not.toThrow()
})

it('brings tickets in equal waves, and a backfill every so often', () => {
  const { backfilled } = WORKLOADS
  expect([0, 99, 100, 999].map((index) => waveOf(backfilled, index, 1_000))).toEqual([0, 0, 1, 9])
  expect(Array.from({ length: 40 }, (_, index) => index).filter((index) => isBackfill(backfilled, index))).toEqual([
    19, 39,
  ])
  const { players, backfill } = poolTicket(backfilled, singles(40), 19)
  expect(backfill).not.toBeNull()
  expect(players.map(({ team }) => team)).toEqual(['red', 'red', 'red', 'red', 'blue', 'blue', 'blue', 'blue'])
})

it('lets no match through that is illegal or takes a ticket again', () => {
  const { columns } = WORKLOADS['1v1']
  const drawn = columns(2)
  drawn.skill.set([1500, 1520])
  drawn.latencyMs.fill(30)
  const ticketOf = (id: string) => poolTicket(WORKLOADS['1v1'], drawn, Number(id.slice(7)))
  const match = inTwoTeams([ticketIdOf(0), ticketIdOf(1)])
  const ruleSet = parseRuleSet(ruleSetBodyOf('1v1'))
  expect(verifyMatches([match], ticketOf, ruleSet)).toEqual({ matched: 2, players: 2, meanSpread: 20 })
  expect(() => verifyMatches([match, match], ticketOf, ruleSet)).toThrow('in two matches')
  drawn.skill[1] = 1600
  expect(() => verifyMatches([match], ticketOf, ruleSet)).toThrow('CloseSkill')
})
