import { describe, expect, it } from 'vitest'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { type FormedMatch, inTwoTeams, verifyMatches } from '../verify.ts'
import { ruleSetBody } from '../workload/rule-set-bodies.ts'
import {
  poolTicket,
  ruleSetBodyOf,
  ticketIdOf,
  ticketIndexOf,
  WORKLOADS,
  type WorkloadName,
} from '../workload/workloads.ts'
import { drainByQueueRoom } from './colyseus-queue.ts'
import { drainByScan } from './naive-scan.ts'
import { drainByArrays } from './typed-array-limit.ts'

const TICKETS = 600

function verified(name: WorkloadName, matches: Iterable<FormedMatch>, body = ruleSetBodyOf(name)) {
  const workload = WORKLOADS[name]
  const columns = workload.columns(TICKETS)
  return verifyMatches(matches, (id) => poolTicket(workload, columns, ticketIndexOf(id)), parseRuleSet(body))
}

describe.each(['1v1', '5v5', '5v5rich'] as const)('on %s', (name) => {
  const { shape, columns } = WORKLOADS[name]

  it('the limit and the naive scan form legal matches, of about as many tickets', () => {
    const found = drainByArrays(columns(TICKETS), shape)
    const size = 2 * shape.teamSize
    const byLimit = Array.from({ length: found.length / size }, (_, match) =>
      inTwoTeams(Array.from(found.subarray(match * size, (match + 1) * size), ticketIdOf)),
    )
    const pool = Array.from({ length: TICKETS }, (_, index) => poolTicket(WORKLOADS[name], columns(TICKETS), index))
    const byScan = drainByScan(pool, shape, 60_000).matches.map((match) => inTwoTeams(match.map((one) => one.ticketId)))

    const limit = verified(name, byLimit)
    const scan = verified(name, byScan)
    expect(limit.matched).toBeGreaterThan(TICKETS / 5)
    expect(scan.matched).toBeGreaterThan(limit.matched / 2)
    expect(limit.meanSpread).toBeLessThan(scan.meanSpread)
  })
})

it('Colyseus groups, opens rooms and reserves every seat, legally but for the balance it does not know', async () => {
  const { shape, columns } = WORKLOADS['5v5']
  const { matches, cut } = await drainByQueueRoom(columns(TICKETS), shape, 60_000)
  expect(cut).toBe(false)
  const formed = matches.map((match) => inTwoTeams(match.map(ticketIdOf)))
  const { matched } = verified('5v5', formed, ruleSetBody('5v5', { ...shape, maxImbalance: Infinity }))
  expect(matched).toBeGreaterThan(TICKETS / 2)
})
