import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MatchStatus, type MatchSurroundings, projectMatch } from './project-match.ts'
import { anEvent, aTicket, START } from './testing/builders.ts'
import { playedHistory } from './testing/histories.ts'

const pair = (ana?: boolean) => [
  aTicket('t1', [{ playerId: 'ana', team: 'blue', ...(ana === undefined ? {} : { accepted: ana }) }]),
  aTicket('t2', [{ playerId: 'raj', team: 'red' }]),
]
const proposed = anEvent('PotentialMatchCreated', { tickets: pair() })
const placing = anEvent('PotentialMatchCreated', { tickets: pair(), acceptanceRequired: false })
const completedAs = (acceptance: string) =>
  anEvent('AcceptMatchCompleted', { time: 2_000, tickets: pair(), acceptance })
const rejection = anEvent('AcceptMatch', { time: 1_000, tickets: pair(false) })
const nothing: MatchSurroundings = { placements: [], leftTimes: [], endings: [] }

describe('a match', () => {
  it.each<[string, Parameters<typeof projectMatch>[1], MatchSurroundings, MatchStatus]>([
    ['waits for answers', [proposed], nothing, 'proposed'],
    ['is placed at once', [placing], nothing, 'placing'],
    ['is placed when accepted', [proposed, completedAs('Accepted')], nothing, 'placing'],
    ['is rejected by a player', [proposed, rejection, completedAs('Rejected')], nothing, 'rejected'],
    ['is withdrawn when a ticket of it was stopped', [proposed, completedAs('Rejected')], nothing, 'withdrawn'],
    ['is not answered in time', [proposed, completedAs('TimedOut')], nothing, 'not-answered'],
    [
      'is completed',
      [placing, anEvent('MatchmakingSucceeded', { time: 3_000, tickets: pair() })],
      nothing,
      'completed',
    ],
    ['fails', [placing, anEvent('MatchmakingFailed', { time: 3_000, matchId: 'm1' })], nothing, 'failed'],
    [
      'has its placement refused',
      [placing],
      { placements: [{ type: 'PlacementFailed', time: START }], leftTimes: [], endings: [] },
      'failed',
    ],
    [
      'is not placed in time, says the queue',
      [placing],
      { placements: [{ type: 'PlacementTimedOut', time: START }], leftTimes: [], endings: [] },
      'placement-timed-out',
    ],
    [
      'is not placed in time when its tickets search again',
      [placing],
      { placements: [], leftTimes: [START - 5, START + 1], endings: [] },
      'placement-timed-out',
    ],
    [
      'is completed when a ticket of it is, as only a describe knew',
      [placing],
      { ...nothing, endings: [{ status: 'COMPLETED', time: START + 9 }] },
      'completed',
    ],
    [
      'is not placed in time when a ticket of it timed out',
      [placing],
      { ...nothing, endings: [{ status: 'TIMED_OUT', time: START + 9 }] },
      'placement-timed-out',
    ],
    [
      'is placing still when its tickets searched before',
      [placing],
      { placements: [], leftTimes: [START - 5, START], endings: [] },
      'placing',
    ],
    [
      'was dropped when its tickets search though nobody said so',
      [proposed, rejection],
      { placements: [], leftTimes: [START + 2_000], endings: [] },
      'rejected',
    ],
  ])('%s', (_name, facts, around, status) => {
    expect(projectMatch('m1', facts, around)?.status).toBe(status)
    expect(projectMatch('m1', facts.toReversed(), around)?.status).toBe(status)
  })

  it('holds every player once, with team and answer', () => {
    const match = projectMatch('m1', [rejection, proposed, completedAs('Rejected')])
    expect(match?.players).toMatchObject([
      { playerId: 'ana', ticketId: 't1', team: 'blue', answer: 'rejected', answeredAt: START + 1_000 },
      { playerId: 'raj', ticketId: 't2', team: 'red', answer: null, answeredAt: null },
    ])
  })

  it('is the same in whatever order its events arrive', () => {
    fc.assert(
      fc.property(
        playedHistory.chain(({ events }) => {
          const own = events.filter(({ detail }) => 'matchId' in detail && detail.matchId === 'm1')
          return fc.tuple(fc.constant(own), fc.shuffledSubarray(own, { minLength: own.length }))
        }),
        ([own, arrived]) => {
          expect(projectMatch('m1', arrived)).toEqual(projectMatch('m1', own))
        },
      ),
    )
  })

  it('does not exist without an event that names it', () => {
    expect(projectMatch('m1', [])).toBeNull()
  })
})
