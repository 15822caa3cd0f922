import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TicketFact } from './events.ts'
import { applyFact, orderHistory, projectTicket } from './project-ticket.ts'
import type { Cause, IndexedStatus } from './status.ts'
import { aDescribe, aGone, anEvent, aTicket, START } from './testing/builders.ts'
import { playedHistory } from './testing/histories.ts'

function shuffled<T>(values: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...values], { minLength: values.length })
}

describe('a ticket projected from its history', () => {
  it('stands where the service left it, in whatever order its events arrive and however often', {
    timeout: 30_000,
  }, () => {
    fc.assert(
      fc.property(
        playedHistory.chain((played) => fc.tuple(fc.constant(played), shuffled([...played.events, ...played.events]))),
        ([played, arrived]) => {
          for (const truth of played.tickets) {
            const ticket = projectTicket(truth.ticketId, arrived)
            expect(ticket).toEqual(projectTicket(truth.ticketId, played.events))
            expect({ status: ticket.status, cause: ticket.cause, matchId: ticket.matchId }).toEqual({
              status: truth.status,
              cause: truth.cause,
              matchId: truth.matchId,
            })
          }
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('is the same for any subset of events and describes, in any order', { timeout: 30_000 }, () => {
    const facts = playedHistory.chain((played) =>
      fc.tuple(
        fc.subarray(played.events),
        fc.array(
          fc.record({
            time: fc.integer({ min: 0, max: 15_000 }),
            status: fc.constantFrom(
              'QUEUED',
              'SEARCHING',
              'REQUIRES_ACCEPTANCE',
              'PLACING',
              'CANCELLED',
            ) as fc.Arbitrary<'QUEUED'>,
            gone: fc.boolean(),
          }),
          { maxLength: 3 },
        ),
      ),
    )
    fc.assert(
      fc.property(
        facts.chain(([events, seen]) => {
          const all: TicketFact[] = [
            ...events,
            ...seen.map(({ time, status, gone }, index) =>
              gone ? aGone(time, 't0', `g${index}`) : aDescribe(time, { ticketId: 't0', status }, `d${index}`),
            ),
          ]
          return fc.tuple(fc.constant(all), shuffled([...all, ...all]))
        }),
        ([all, arrived]) => {
          expect(projectTicket('t0', arrived)).toEqual(projectTicket('t0', all))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('reads two proposals within one second from what can follow what', () => {
    const t = (accepted?: boolean) => [
      aTicket('t1', [{ playerId: 'ana', ...(accepted === undefined ? {} : { accepted }) }]),
      aTicket('t2', ['raj']),
    ]
    // Ids in the worst order, so that no accident of sorting helps.
    const history = [
      anEvent('MatchmakingSearching', { id: 'z' }),
      anEvent('PotentialMatchCreated', { id: 'y', tickets: t() }),
      anEvent('AcceptMatch', { id: 'x', tickets: t(true) }),
      anEvent('AcceptMatchCompleted', { id: 'w', tickets: t(), acceptance: 'TimedOut' }),
      anEvent('MatchmakingSearching', { id: 'v' }),
      anEvent('PotentialMatchCreated', { id: 'u', tickets: t(), matchId: 'm2' }),
      anEvent('AcceptMatch', { id: 't', tickets: t(true), matchId: 'm2' }),
    ]
    const ordered = orderHistory('t1', history)
    expect(ordered.map((fact) => fact.source === 'event' && fact.detail.type)).toEqual(
      history.map((fact) => fact.detail.type),
    )
    const ticket = projectTicket('t1', history)
    expect(ticket).toMatchObject({ status: 'REQUIRES_ACCEPTANCE', matchId: 'm2', presumed: false })
    expect(ticket.players[0]).toMatchObject({ answer: 'accepted', answeredAt: START })
  })

  it('never leaves a final status, whatever comes late', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(playedHistory, fc.integer({ min: 1, max: 60_000 }), ({ events, tickets }, delay) => {
        const ended = tickets.find((ticket) => ['COMPLETED', 'TIMED_OUT', 'FAILED'].includes(ticket.status))
        if (!ended) return
        const before = projectTicket(ended.ticketId, events)
        const late = events.map((event, index) => ({ ...event, id: `late-${index}`, time: before.updatedAt + delay }))
        for (const fact of [...late, aGone(90_000, ended.ticketId), aDescribe(90_001, { ticketId: ended.ticketId })]) {
          const after = applyFact(before, fact)
          expect([after.status, after.cause, after.endedAt]).toEqual([before.status, before.cause, before.endedAt])
        }
      }),
    )
  })
})

const both = (ana?: boolean, raj?: boolean) => [
  aTicket('t1', [{ playerId: 'ana', ...(ana === undefined ? {} : { accepted: ana }) }]),
  aTicket('t2', [{ playerId: 'raj', ...(raj === undefined ? {} : { accepted: raj }) }]),
]
const search = anEvent('MatchmakingSearching')
const proposal = anEvent('PotentialMatchCreated', { time: 1_000, tickets: both() })
const placing = anEvent('PotentialMatchCreated', { time: 1_000, acceptanceRequired: false })
const rejectedByRaj = anEvent('AcceptMatch', { time: 2_000, tickets: both(undefined, false) })
const dropped = anEvent('AcceptMatchCompleted', { time: 3_000, tickets: both(), acceptance: 'Rejected' })
const timedOut = anEvent('AcceptMatchCompleted', { time: 31_000, tickets: both(), acceptance: 'TimedOut' })
const backfill = aDescribe(500, { kind: 'backfill' })
const again = anEvent('MatchmakingSearching', { time: 90_000, tickets: [aTicket('t1', ['ana'], START + 90_000)] })

const table: [name: string, facts: TicketFact[], status: IndexedStatus, cause: Cause, presumed: boolean][] = [
  ['only described as queued', [aDescribe(0, { status: 'QUEUED' })], 'QUEUED', 'started', false],
  ['searching', [search], 'SEARCHING', 'started', false],
  ['proposed', [search, proposal], 'REQUIRES_ACCEPTANCE', 'proposed', false],
  ['matched without acceptance', [search, placing], 'PLACING', 'matched', false],
  [
    'accepted by all',
    [search, proposal, anEvent('AcceptMatchCompleted', { time: 3_000, tickets: both() })],
    'PLACING',
    'accepted',
    false,
  ],
  [
    'rejected by its own player',
    [search, proposal, anEvent('AcceptMatch', { time: 2_000, tickets: both(false) }), dropped],
    'CANCELLED',
    'rejected',
    true,
  ],
  ['undecided when another rejected', [search, proposal, rejectedByRaj, dropped], 'CANCELLED', 'not-answered', true],
  [
    'accepted when another rejected',
    [search, proposal, anEvent('AcceptMatch', { time: 2_000, tickets: both(true, false) }), dropped],
    'SEARCHING',
    'returned-not-accepted',
    true,
  ],
  [
    'undecided when another ticket was stopped',
    [search, proposal, dropped],
    'SEARCHING',
    'returned-not-accepted',
    true,
  ],
  ['silent to the end', [search, proposal, timedOut], 'CANCELLED', 'not-answered', true],
  [
    'accepted, another was silent',
    [search, proposal, anEvent('AcceptMatch', { time: 2_000, tickets: both(true) }), timedOut],
    'SEARCHING',
    'returned-not-accepted',
    true,
  ],
  [
    'backfill in a rejected match',
    [search, backfill, proposal, rejectedByRaj, dropped],
    'SEARCHING',
    'returned-not-accepted',
    true,
  ],
  [
    'searching again after all',
    [search, proposal, timedOut, anEvent('MatchmakingSearching', { time: 31_100 })],
    'SEARCHING',
    'returned-not-accepted',
    false,
  ],
  [
    'cancelled after its match was dropped',
    [search, proposal, timedOut, anEvent('MatchmakingCancelled', { time: 31_000 })],
    'CANCELLED',
    'not-answered',
    false,
  ],
  [
    'cancelled with the reason of a rejection',
    [
      search,
      proposal,
      anEvent('MatchmakingCancelled', { time: 3_000, reason: 'Rejected', message: 'Match was rejected.' }),
    ],
    'CANCELLED',
    'rejected',
    false,
  ],
  [
    'cancelled with the reason of a silence',
    [
      search,
      proposal,
      anEvent('MatchmakingCancelled', {
        time: 3_000,
        reason: 'AcceptanceTimedOut',
        message: 'Match was not accepted in time.',
      }),
    ],
    'CANCELLED',
    'not-answered',
    false,
  ],
  ['stopped', [search, anEvent('MatchmakingCancelled', { time: 100 })], 'CANCELLED', 'stopped', false],
  [
    'stopped while proposed',
    [search, proposal, dropped, anEvent('MatchmakingCancelled', { time: 3_000 })],
    'CANCELLED',
    'stopped',
    false,
  ],
  [
    'placement timed out',
    [search, placing, anEvent('MatchmakingSearching', { time: 20_000 })],
    'SEARCHING',
    'returned-placement',
    false,
  ],
  [
    'too old after placing',
    [search, placing, anEvent('MatchmakingTimedOut', { time: 20_000 })],
    'TIMED_OUT',
    'request-timed-out',
    false,
  ],
  [
    'placement failed',
    [search, placing, anEvent('MatchmakingFailed', { time: 2_000 })],
    'FAILED',
    'placement-failed',
    false,
  ],
  [
    'session not there',
    [
      search,
      anEvent('MatchmakingFailed', {
        time: 2_000,
        message: "The game session null was not found, or was in a state which wouldn't accept new player sessions.",
      }),
    ],
    'FAILED',
    'session-unavailable',
    false,
  ],
  ['succeeded', [search, placing, anEvent('MatchmakingSucceeded', { time: 2_000 })], 'COMPLETED', 'matched', false],
  [
    'superseded, as a describe says',
    [
      search,
      aDescribe(100, {
        status: 'CANCELLED',
        statusReason: 'Cancelled',
        statusMessage: 'Cancelled due to duplicate player',
      }),
    ],
    'CANCELLED',
    'superseded',
    false,
  ],
  [
    'superseded, said in the reason',
    [search, aDescribe(100, { status: 'CANCELLED', statusReason: 'Cancelled due to duplicate player' })],
    'CANCELLED',
    'superseded',
    false,
  ],
  [
    'backfill replaced',
    [
      search,
      aDescribe(100, {
        status: 'CANCELLED',
        kind: 'backfill',
        statusMessage: 'Cancelled due to newer backfill request',
      }),
    ],
    'CANCELLED',
    'backfill-replaced',
    false,
  ],
  [
    'a describe too close to the newest event',
    [search, proposal, aDescribe(2_500, { status: 'SEARCHING' })],
    'REQUIRES_ACCEPTANCE',
    'proposed',
    false,
  ],
  [
    'a describe well after the newest event',
    [search, proposal, aDescribe(60_000, { status: 'SEARCHING' })],
    'SEARCHING',
    'returned-not-accepted',
    false,
  ],
  ['a describe that finds it placing', [search, aDescribe(60_000, { status: 'PLACING' })], 'PLACING', 'matched', false],
  [
    'a describe that says why it searches',
    [search, placing, aDescribe(60_000, { statusReason: 'PlacementTimedOut' })],
    'SEARCHING',
    'returned-placement',
    false,
  ],
  [
    'presumed cancelled, described searching',
    [search, proposal, timedOut, aDescribe(40_000)],
    'SEARCHING',
    'returned-not-accepted',
    false,
  ],
  [
    'presumed cancelled, described cancelled',
    [search, proposal, timedOut, aDescribe(31_500, { status: 'CANCELLED' })],
    'CANCELLED',
    'not-answered',
    false,
  ],
  [
    'started again under the same id',
    [search, anEvent('MatchmakingTimedOut', { time: 900 }), again],
    'SEARCHING',
    'started',
    false,
  ],
  [
    'heard of late from an earlier life',
    [again, anEvent('MatchmakingTimedOut', { time: 99_000 })],
    'SEARCHING',
    'started',
    false,
  ],
  ['gone', [search, aGone(50_000)], 'GONE', 'gone', false],
  [
    'gone, then heard of',
    [search, aGone(50_000), anEvent('MatchmakingTimedOut', { time: 60_000 })],
    'TIMED_OUT',
    'request-timed-out',
    false,
  ],
  [
    'gone after its end was heard of late',
    [search, anEvent('MatchmakingCancelled', { time: 100 }), aGone(50_000)],
    'CANCELLED',
    'stopped',
    false,
  ],
]

describe('status and cause', () => {
  it.each(table)('%s', (_name, facts, status, cause, presumed) => {
    for (const arrived of [facts, facts.toReversed()]) {
      const ticket = projectTicket('t1', arrived)
      expect({ status: ticket.status, cause: ticket.cause, presumed: ticket.presumed }).toEqual({
        status,
        cause,
        presumed,
      })
    }
  })
})

describe('what events do not carry', () => {
  it('comes from a describe and stays', () => {
    const seen = aDescribe(100, {
      players: [
        {
          playerId: 'ana',
          team: null,
          attributes: { skill: { N: 7 } },
          latencyMs: { 'eu-west-1': 30 },
          playerSessionId: null,
        },
      ],
    })
    const ticket = projectTicket('t1', [search, seen, proposal, anEvent('MatchmakingCancelled', { time: 5_000 })])
    expect(ticket.described).toBe(true)
    expect(ticket.players[0]).toMatchObject({ attributes: { skill: { N: 7 } }, latencyMs: { 'eu-west-1': 30 } })
  })

  it('is supplied to a finished ticket without moving it', () => {
    const ended = anEvent('MatchmakingTimedOut', { time: 1_000 })
    const ticket = projectTicket('t1', [search, ended, aDescribe(9_000, { status: 'TIMED_OUT', endTime: START + 999 })])
    expect(ticket).toMatchObject({ status: 'TIMED_OUT', described: true, endedAt: START + 1_000 })
    expect(ticket.players[0]?.attributes).toEqual({ skill: { N: 10 } })
  })

  it('keeps the kind a describe once told', () => {
    const facts = [search, aDescribe(100, { kind: 'auto-backfill' }), aDescribe(40_000, { kind: 'new' })]
    expect(projectTicket('t1', facts).kind).toBe('auto-backfill')
  })

  it('knows a backfill ticket by its success, where only those who joined get player sessions', () => {
    const success = anEvent('MatchmakingSucceeded', {
      time: 3_000,
      tickets: [aTicket('t1', ['ana']), aTicket('t2', [{ playerId: 'raj', playerSessionId: 'psess-1' }])],
      session: { gameSessionArn: 'arn:s', port: 4000 },
    })
    expect(projectTicket('t1', [search, success]).kind).toBe('backfill')
    expect(projectTicket('t2', [success])).toMatchObject({ kind: 'new', gameSessionArn: 'arn:s', port: 4000 })
  })
})
