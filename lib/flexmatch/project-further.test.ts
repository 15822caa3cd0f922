import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TicketFact } from './events.ts'
import { projectFurther, projectWhole, type StoredTicket } from './project-further.ts'
import { projectTicket } from './project-ticket.ts'
import { aDescribe, aGone, anEvent, anOverdue, aTicket, START } from './testing/builders.ts'
import { playedHistory } from './testing/histories.ts'

const RUNS = Number(process.env.FURTHER_RUNS ?? 3_000)

const observed: fc.Arbitrary<TicketFact[]> = fc.array(
  fc
    .record({
      // On the grid of the events' own times, and between them.
      time: fc.oneof(
        fc.integer({ min: 0, max: 20 }).map((n) => n * 1_000),
        fc.integer({ min: 0, max: 20_000 }),
      ),
      ticketId: fc.constantFrom('t0', 't1'),
      says: fc.constantFrom(
        'SEARCHING',
        'PLACING',
        'QUEUED',
        'COMPLETED',
        'backfill',
        'auto-backfill',
        'gone',
        'overdue',
      ),
      again: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    })
    .map(({ time, ticketId, says, again }): TicketFact => {
      const startTime = again ? START + 5_000 : START
      if (says === 'gone') return aGone(time, ticketId)
      if (says === 'overdue') return anOverdue(time, ticketId)
      if (says === 'backfill' || says === 'auto-backfill') return aDescribe(time, { ticketId, kind: says, startTime })
      return aDescribe(time, { ticketId, status: says as 'SEARCHING', startTime })
    }),
  { maxLength: 4 },
)

/** As the door does it: further where that can be said, otherwise anew from everything there is by then. */
function inDeliveries(
  ticketId: string,
  deliveries: readonly TicketFact[][],
): { stored: StoredTicket; further: number } {
  const heard: TicketFact[] = []
  let stored: StoredTicket | null = null
  let further = 0
  for (const delivery of deliveries) {
    heard.push(...delivery)
    const next: StoredTicket | null = stored && projectFurther(asRead(stored), delivery)
    if (next) further++
    stored = next ?? projectWhole(ticketId, heard)
  }
  return { stored: stored as StoredTicket, further }
}

/** A stored ticket comes back with the members of its players in the order of the database. */
function asRead(stored: StoredTicket): StoredTicket {
  const byLength = (a: string, b: string) => a.length - b.length || (a < b ? -1 : 1)
  const players = stored.ticket.players.map((player) =>
    Object.fromEntries(Object.entries(player).sort(([a], [b]) => byLength(a, b))),
  )
  return { ...stored, ticket: { ...stored.ticket, players: players as unknown as StoredTicket['ticket']['players'] } }
}

function cut<T>(values: readonly T[], sizes: readonly number[]): T[][] {
  const parts: T[][] = []
  for (let from = 0; from < values.length; ) {
    const to = from + (sizes[parts.length % sizes.length] ?? 1)
    parts.push(values.slice(from, to))
    from = to
  }
  return parts
}

describe('going on from a stored ticket', () => {
  it('gives what the whole history gives, however it was cut and in whatever order it came', () => {
    let further = 0
    fc.assert(
      fc.property(
        playedHistory,
        observed,
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 12, maxLength: 12 }),
        fc.array(fc.nat(99), { maxLength: 6 }),
        ({ events, tickets }, seen, sizes, swaps) => {
          const arrived: TicketFact[] = [...events, ...seen].sort((a, b) => a.time - b.time)
          for (const swap of swaps) {
            const at = swap % Math.max(1, arrived.length - 1)
            const [moved] = arrived.splice(at, 1)
            if (moved) arrived.splice(at + 1 + (swap % 3), 0, moved)
          }
          for (const { ticketId } of tickets) {
            const own = arrived.filter((fact) => isAbout(ticketId, fact))
            if (own.length === 0) continue
            const result = inDeliveries(ticketId, cut(own, sizes))
            further += result.further
            expect(result.stored.ticket).toEqual(projectTicket(ticketId, own))
            expect(result.stored.newestFactAt).toBe(Math.max(...own.map(({ time }) => time)))
          }
        },
      ),
      { numRuns: RUNS },
    )
    // The short way must be the usual one, or it proves nothing.
    expect(further).toBeGreaterThan(RUNS)
  })

  const searching = anEvent('MatchmakingSearching', { time: 1_000 })
  const stored = projectWhole('t1', [searching])

  it.each<[string, TicketFact]>([
    ['is older than what is known', anEvent('PotentialMatchCreated', { time: 999 })],
    ['has the time of what is known', anEvent('PotentialMatchCreated', { time: 1_000 })],
    ['tells a kind that was not known', aDescribe(2_000, { kind: 'backfill' })],
    [
      'belongs to a new life of the id',
      anEvent('MatchmakingSearching', { time: 90_000, tickets: [aTicket('t1', ['ana'], 9)] }),
    ],
  ])('asks for the whole history when a fact %s', (_, fact) => {
    expect(projectFurther(stored, [fact])).toBeNull()
  })

  it('asks for the whole history ever after where later facts tell the order of facts of one time', () => {
    const twice = ['m1', 'm2'].flatMap((matchId) => [
      anEvent('PotentialMatchCreated', { time: 2_000, matchId }),
      anEvent('AcceptMatchCompleted', { time: 2_000, matchId, acceptance: 'Rejected' }),
    ])
    expect(projectFurther(stored, twice)).toBeNull()
    const whole = projectWhole('t1', [searching, ...twice])
    expect(whole.tied).toBe(true)
    expect(projectFurther(whole, [anEvent('MatchmakingSearching', { time: 3_000 })])).toBeNull()
  })
})

function isAbout(ticketId: string, fact: TicketFact): boolean {
  if (fact.source === 'event') return fact.detail.tickets.some((ticket) => ticket.ticketId === ticketId)
  return (fact.source === 'describe' ? fact.observation.ticketId : fact.ticketId) === ticketId
}
