import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventFact } from './events.ts'
import { projectMatch } from './project-match.ts'
import { orderHistory, projectTicket } from './project-ticket.ts'
import { anEvent, aTicket } from './testing/builders.ts'
import { type PlayedHistory, playedHistory } from './testing/histories.ts'
import { timelineOf } from './timeline.ts'

const FULL = process.env.ORDERS === 'full'

/** Everything that is made of these events, as text. */
function projection({ tickets }: PlayedHistory, events: readonly EventFact[]): string {
  const matchIds = new Set(events.flatMap(({ detail }) => ('matchId' in detail ? (detail.matchId ?? []) : [])))
  return JSON.stringify([
    tickets.map(({ ticketId }) => {
      const own = about(ticketId, events)
      return [projectTicket(ticketId, own), orderHistory(ticketId, own).map(({ id }) => id)]
    }),
    [...matchIds].sort().map((matchId) =>
      projectMatch(
        matchId,
        events.filter(({ detail }) => 'matchId' in detail && detail.matchId === matchId),
      ),
    ),
  ])
}

function about(ticketId: string, events: readonly EventFact[]): EventFact[] {
  return events.filter(({ detail }) => detail.tickets.some((ticket) => ticket.ticketId === ticketId))
}

function* permutations<T>(values: readonly T[]): Generator<T[]> {
  if (values.length < 2) yield [...values]
  for (const [index, first] of values.entries()) {
    if (values.length < 2) return
    for (const rest of permutations(values.toSpliced(index, 1))) yield [first, ...rest]
  }
}

const few = playedHistory.filter(({ events }) => events.length >= 4 && events.length <= 7)
const many = playedHistory.filter(({ events }) => events.length >= 8 && events.length <= 40)

describe('the order in which events arrive', () => {
  it('does not matter: every one of them, for few events', { timeout: 600_000 }, () => {
    // Long ones first: they have the most orders.
    const scenarios = fc
      .sample(few, { numRuns: 400, seed: 7 })
      .sort((a, b) => b.events.length - a.events.length)
      .slice(0, FULL ? 20 : 3)
    let orders = 0
    for (const played of scenarios) {
      const expected = projection(played, played.events)
      for (const arrived of permutations(played.events)) {
        orders++
        if (projection(played, arrived) !== expected) expect(arrived.map(({ id }) => id)).toBe(expected)
      }
    }
    expect(orders).toBeGreaterThanOrEqual(FULL ? 20 * 5_040 : 3 * 5_040)
  })

  it('does not matter: shuffled, for many events', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(
        many.chain((played) =>
          fc.tuple(fc.constant(played), fc.shuffledSubarray(played.events, { minLength: played.events.length })),
        ),
        ([played, arrived]) => projection(played, arrived) === projection(played, played.events),
      ),
      { numRuns: FULL ? 20_000 : 1_000 },
    )
  })
})

describe('an event that comes after the end', () => {
  const ended = playedHistory.filter(({ tickets }) => tickets.some(({ status }) => ENDS.has(status)))
  const late = fc.constantFrom(
    'MatchmakingSearching' as const,
    'PotentialMatchCreated' as const,
    'AcceptMatch' as const,
    'AcceptMatchCompleted' as const,
    'MatchmakingTimedOut' as const,
    'MatchmakingCancelled' as const,
    'MatchmakingFailed' as const,
  )
  it('leaves the end as it was and is shown as late', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(
        ended,
        fc.array(late, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1_000, max: 90_000 }),
        (played, types, after) => {
          for (const { ticketId, players } of played.tickets.filter(({ status }) => ENDS.has(status))) {
            const own = about(ticketId, played.events)
            const before = projectTicket(ticketId, own)
            const last = Math.max(...own.map(({ time }) => time))
            const come = types.map((type, index) => {
              const event = anEvent(type, { tickets: [aTicket(ticketId, players)], matchId: 'another' })
              return { ...event, time: last + after * (index + 1) }
            })
            expect(projectTicket(ticketId, [...come, ...own])).toEqual(before)
            const steps = timelineOf(ticketId, [...come, ...own])
            expect(steps.slice(-types.length).map(({ text }) => text)).toEqual(
              types.map((type) => `Late event: ${type}`),
            )
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
/** What an event has stated; a ticket that a dropped match cancels may turn out to search again. */
const ENDS = new Set(['COMPLETED', 'TIMED_OUT', 'FAILED'])
