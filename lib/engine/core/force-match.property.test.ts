import * as fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import type { FoundMatch, PoolTicket } from './contract.ts'
import { arbitraryPass } from './matching/testing/arbitrary-matching.ts'
import { violations } from './matching/testing/check-match.ts'
import { T0 } from './matching/testing/pool-builders.ts'
import { type PassSpec, questionOf } from './matching/testing/run-pass.ts'
import { aDesk, type Desk, STANDALONE } from './testing/desk.ts'

vi.setConfig({ testTimeout: 60_000 })

/** The tickets of a pool, started each at its time; no pass comes before the force. */
function deskWith({ body, options, additionalPlayerCount, pool, at }: PassSpec & { body: string }): Desk {
  const desk = aDesk({
    ruleSet: body,
    options: { ...options, tickMs: 60_000 },
    configuration: { ...STANDALONE, RequestTimeoutSeconds: 600, AdditionalPlayerCount: additionalPlayerCount },
  })
  for (const ticket of pool.toSorted((a, b) => a.startTimeMs - b.startTimeMs)) {
    desk.nowMs = ticket.startTimeMs
    desk.send(ticket.backfill ? 'StartMatchBackfill' : 'StartMatchmaking', {
      TicketId: ticket.ticketId,
      ConfigurationName: 'duel',
      Players: ticket.players.map(({ playerId, team, attributes, latencyMs }) => ({
        PlayerId: playerId,
        PlayerAttributes: attributes satisfies Readonly<Record<string, AttributeValue>>,
        ...(latencyMs && { LatencyInMs: latencyMs }),
        ...(team !== null && { Team: team }),
      })),
    })
  }
  desk.nowMs = T0 + (at ?? 0) * 1000
  return desk
}

/** Every way to put the tickets on teams. */
function ways(pool: readonly PoolTicket[], names: readonly string[]): FoundMatch['tickets'][] {
  return pool.reduce<FoundMatch['tickets'][]>(
    (sofar, { ticketId, backfill, players }) =>
      sofar.flatMap((placed) => {
        const choices = backfill ? [players.map(({ team }) => team!)] : names.map((name) => players.map(() => name))
        return choices.map((teams) => [...placed, { ticketId, teams }])
      }),
    [[]],
  )
}

it('forms a match of any tickets that fill the teams, and of no others, and tells truly which rules it breaks', () => {
  let formed = 0
  let broken = 0
  let refused = 0
  fc.assert(
    fc.property(arbitraryPass(4), (given) => {
      // Standalone, a backfill has no session and so no region.
      const pool = given.pool.map((one) => ({ ...one, backfill: one.backfill && { automatic: false, region: null } }))
      const spec = { ...given, pool }
      const question = questionOf(spec)
      const shapeOf = (tickets: FoundMatch['tickets']) =>
        violations({ tickets }, question).filter((wrong) => !wrong.startsWith('rule '))
      const ticketIds = pool.map(({ ticketId }) => ticketId)
      const reply = deskWith(spec).apply({ operation: 'ForceMatch', input: { ticketIds } })
      if (reply.ok) {
        formed++
        const { tickets, brokenRules } = reply.output as { tickets: FoundMatch['tickets']; brokenRules: string[] }
        broken += brokenRules.length
        expect(violations({ tickets }, question)).toEqual(brokenRules.map((name) => `rule ${name} fails`))
      } else {
        refused++
        const names = spec.ruleSet.teams.map(({ name }) => name)
        const possible = pool.some(({ backfill }) => !backfill)
          ? ways(pool, names).find((way) => shapeOf(way).length === 0)
          : undefined
        expect(possible, reply.refusal.message).toBeUndefined()
      }
    }),
    { numRuns: 400 },
  )
  expect(Math.min(formed, broken, refused)).toBeGreaterThan(40)
})
