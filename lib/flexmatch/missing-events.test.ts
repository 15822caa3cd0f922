import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TicketFact } from './events.ts'
import { missingEvents } from './missing-events.ts'
import { orderHistory } from './project-ticket.ts'
import { aDescribe, anEvent, aTicket, START } from './testing/builders.ts'
import { type PlayedHistory, playedHistory } from './testing/histories.ts'

const missingOf = (facts: readonly TicketFact[], ticketId = 't1') =>
  missingEvents(ticketId, orderHistory(ticketId, facts)).map(({ key }) => key)

function missingInAll({ tickets }: PlayedHistory, facts: readonly TicketFact[]): Map<string, string> {
  const missing = new Map<string, string>()
  for (const { ticketId } of tickets) {
    const own = facts.filter(
      (fact) => fact.source === 'event' && fact.detail.tickets.some((ticket) => ticket.ticketId === ticketId),
    )
    for (const { key, type } of missingEvents(ticketId, orderHistory(ticketId, own))) missing.set(key, type)
  }
  return missing
}

describe('missing events', () => {
  it('misses nothing in a complete history', () => {
    fc.assert(
      fc.property(playedHistory, (played) => {
        expect([...missingInAll(played, played.events)]).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })

  it('never tells of more events of a type than were lost', () => {
    fc.assert(
      fc.property(
        playedHistory.chain((played) => fc.tuple(fc.constant(played), fc.subarray(played.events))),
        ([played, arrived]) => {
          const lost = played.events.filter((event) => !arrived.includes(event))
          const told = [...missingInAll(played, arrived).values()]
          for (const type of new Set(told)) {
            const count = lost.filter((event) => event.detail.type === type).length
            expect(told.filter((each) => each === type).length, type).toBeLessThanOrEqual(count)
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })

  const pair = (ana?: boolean, raj?: boolean) => [
    aTicket('t1', [{ playerId: 'ana', ...(ana !== undefined && { accepted: ana }) }]),
    aTicket('t2', [{ playerId: 'raj', ...(raj !== undefined && { accepted: raj }) }]),
  ]
  const history = [
    anEvent('MatchmakingSearching', { time: 500 }),
    anEvent('PotentialMatchCreated', { time: 5_000, tickets: pair() }),
    anEvent('AcceptMatch', { time: 6_000, tickets: pair(true) }),
    anEvent('AcceptMatch', { time: 7_000, tickets: pair(true, true) }),
    anEvent('AcceptMatchCompleted', { time: 7_010, tickets: pair() }),
    anEvent('MatchmakingSucceeded', { time: 9_000, tickets: pair() }),
  ]
  const without = (lost: number) => history.filter((_, index) => index !== lost)

  it.each([
    [0, 'MatchmakingSearching|t1|1768471200000'],
    [1, 'PotentialMatchCreated|m1'],
    [2, 'AcceptMatch|m1|t2'],
    [4, 'AcceptMatchCompleted|m1'],
  ])('tells from what came after it that event %i of a history is not there', (lost, key) => {
    expect(missingOf(without(lost))).toEqual([key])
  })

  it('does not miss what was sent before anybody listened', () => {
    expect(missingEvents('t1', orderHistory('t1', without(0)), START + 1)).toEqual([])
    expect(missingEvents('t1', orderHistory('t1', without(0)), START)).toHaveLength(1)
  })

  it('tells the last answer from the ticket that has not answered', () => {
    expect(missingOf(without(3))).toEqual([])
    expect(missingOf(without(3), 't2')).toContain('AcceptMatch|m1|t2')
  })

  it('tells the end from a describe', () => {
    const described = aDescribe(60_000, { status: 'COMPLETED' })
    expect(missingOf(without(5))).toEqual([])
    expect(missingOf([...without(5), described])).toEqual(['MatchmakingSucceeded|m1'])
    expect(missingOf([...history, described])).toEqual([])
    const stopped = aDescribe(60_000, { status: 'CANCELLED', statusReason: 'Cancelled', statusMessage: 'By request.' })
    expect(missingOf([...history.slice(0, 1), stopped])).toEqual(['MatchmakingCancelled|t1|1768471200000'])
  })

  it('does not miss the event that a superseded ticket never gets', () => {
    const superseded = aDescribe(60_000, { status: 'CANCELLED', statusReason: 'Cancelled due to duplicate player' })
    expect(missingOf([...history.slice(0, 1), superseded])).toEqual([])
  })

  it('tells the search that a dropped match must have been followed by', () => {
    const facts = [
      anEvent('MatchmakingSearching', { time: 500 }),
      anEvent('PotentialMatchCreated', { time: 5_000, tickets: pair() }),
      anEvent('AcceptMatch', { time: 6_000, tickets: pair(true) }),
      anEvent('AcceptMatchCompleted', { time: 7_010, tickets: pair(), acceptance: 'TimedOut' }),
      anEvent('PotentialMatchCreated', { time: 9_000, matchId: 'm2', tickets: pair() }),
    ]
    expect(missingOf(facts)).toEqual(['MatchmakingSearching|t1|m1'])
  })
})
