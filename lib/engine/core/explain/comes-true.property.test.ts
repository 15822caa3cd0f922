import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import type { PoolTicket } from '#lib/engine/core/contract.ts'
import { arbitraryPass } from '#lib/engine/core/matching/testing/arbitrary-matching.ts'
import { T0 } from '#lib/engine/core/matching/testing/pool-builders.ts'
import type { PassSpec } from '#lib/engine/core/matching/testing/run-pass.ts'
import { aDesk, type Desk, START_MS } from '#lib/engine/core/testing/desk.ts'

// A few seconds on an idle machine; the time a shared one takes says nothing about the code.
vi.setConfig({ testTimeout: 120_000 })

const TIMEOUT_SECONDS = 45
const TICK_MS = 100

function startInput({ ticketId, players }: PoolTicket) {
  return {
    TicketId: ticketId,
    ConfigurationName: 'duel',
    Players: players.map(({ playerId, attributes, latencyMs }) => ({
      PlayerId: playerId,
      PlayerAttributes: attributes,
      ...(latencyMs && { LatencyInMs: latencyMs }),
    })),
  }
}

/** A desk at which the tickets have started in their order, each at its time. */
function livedUntilAllCame(spec: PassSpec & { body: string }, pool: readonly PoolTicket[]): Desk {
  const { additionalPlayerCount, options } = spec
  const desk = aDesk({
    ruleSet: spec.body,
    options: { tickMs: TICK_MS, ...options },
    configuration: {
      RequestTimeoutSeconds: TIMEOUT_SECONDS,
      FlexMatchMode: 'STANDALONE',
      ...(additionalPlayerCount && { AdditionalPlayerCount: additionalPlayerCount }),
    },
  })
  for (const ticket of pool.toSorted((one, other) => one.startTimeMs - other.startTimeMs)) {
    desk.pass(START_MS + ticket.startTimeMs - T0 - desk.nowMs)
    desk.send('StartMatchmaking', startInput(ticket))
  }
  // Everybody is picked up, and what can be matched at once is.
  desk.pass(3 * TICK_MS)
  return desk
}

it('foretells what the engine then does, as long as nobody else comes', () => {
  const seen: Record<string, number> = {}
  fc.assert(
    fc.property(arbitraryPass(6), (spec) => {
      const pool = spec.pool.filter(({ backfill }) => backfill === null)
      const desk = livedUntilAllCame(spec, pool)
      const told = pool.map(({ ticketId }) => desk.engine.explain(ticketId, desk.nowMs))
      const searching = told.filter(({ status }) => status === 'SEARCHING')
      const endMs = desk.nowMs + TIMEOUT_SECONDS * 1000
      const laters = searching.flatMap(({ verdict }) => (verdict.kind === 'later' ? [verdict.atMs] : []))
      const firstLater = Math.min(...laters)
      for (const { ticketId, verdict } of searching) {
        seen[verdict.kind] = (seen[verdict.kind] ?? 0) + 1
        // The pass that was due has been: what could be matched is.
        expect([ticketId, verdict.kind]).not.toEqual([ticketId, 'soon'])
      }
      if (laters.length > 0) {
        desk.pass(firstLater - 1 - desk.nowMs)
        for (const { ticketId } of searching) expect(desk.status(ticketId)).not.toBe('COMPLETED')
        desk.pass(3 * TICK_MS)
        // Of those for whom the first step comes, some are in the match that it makes.
        const due = searching.filter(({ verdict }) => verdict.kind === 'later' && verdict.atMs === firstLater)
        expect(due.map(({ ticketId }) => desk.status(ticketId))).toContain('COMPLETED')
      }
      desk.pass(endMs - desk.nowMs)
      for (const { ticketId, verdict } of searching) {
        if (verdict.kind === 'never' || verdict.kind === 'waiting') expect(desk.status(ticketId)).toBe('TIMED_OUT')
      }
    }),
    { numRuns: 300 },
  )
  // The generator must keep making every kind, or this test proves nothing.
  for (const kind of ['later', 'waiting', 'never']) expect(seen[kind]).toBeGreaterThan(10)
})
